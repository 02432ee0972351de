/** Why there is no picture from the camera. Each needs its own advice; the file picker always remains. */
export type CameraFault = 'refused' | 'none' | 'busy' | 'unsupported' | 'ended';

export class CameraError extends Error {
  override readonly name = 'CameraError';
  readonly fault: CameraFault;
  constructor(fault: CameraFault, cause?: unknown) {
    super(MESSAGES[fault], { cause });
    this.fault = fault;
  }
}

const MESSAGES: Readonly<Record<CameraFault, string>> = {
  refused: 'The camera is not allowed here. Allow it in the browser’s settings, or choose a photo instead.',
  none: 'There is no camera on this device. Choose a photo instead.',
  busy: 'Another app is using the camera. Close it and try again, or choose a photo instead.',
  unsupported: 'This browser gives no camera to this page. Choose a photo instead.',
  ended: 'The camera stopped. Start it again, or choose a photo instead.',
};

const FAULTS: Readonly<Record<string, CameraFault>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** A running camera. */
export interface Camera {
  /** For a `<video playsinline muted>` element. */
  readonly stream: MediaStream;
  /** Another camera of the device, to be opened in its place; null for none. */
  readonly next: string | null;
  /** A picture of what the video shows right now, as JPEG. @throws CameraError `ended` */
  readonly shoot: (video: HTMLVideoElement) => Promise<Blob>;
  /** Switches the camera (and its light) off. */
  readonly stop: () => void;
}

/**
 * Starts the camera that was chosen last, else the one that looks away from the person, where there is one.
 * @param device a certain camera: `next` of another one
 * @param ended called when the camera stops by itself (unplugged, taken by another app)
 * @throws CameraError
 */
export async function openCamera(ended: (error: CameraError) => void, device?: string): Promise<Camera> {
  // Absent outside secure contexts, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new CameraError('unsupported');
  const wanted = device ?? remembered();
  const which = wanted === null ? { facingMode: { ideal: 'environment' } } : { deviceId: wanted };
  const video = { ...which, width: { ideal: 1920 }, height: { ideal: 1440 } };
  let stream: MediaStream;
  try {
    stream = await devices.getUserMedia({ video, audio: false });
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : '';
    throw new CameraError(FAULTS[name] ?? 'busy', cause);
  }
  if (device !== undefined) remember(device);
  for (const track of stream.getVideoTracks()) {
    track.addEventListener('ended', () => {
      ended(new CameraError('ended'));
    });
  }
  return {
    stream,
    shoot,
    next: await cameraAfter(devices, stream.getVideoTracks()[0]?.getSettings().deviceId),
    stop: () => {
      for (const track of stream.getTracks()) track.stop();
    },
  };
}

const REMEMBERED = 'menagerie-camera';

/** The camera that the person chose last, in case the one that the browser takes is the wrong one. */
function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    // Some browsers forbid it: then nothing is remembered.
    return null;
  }
}

function remember(device: string): void {
  try {
    localStorage.setItem(REMEMBERED, device);
  } catch {
    // See above.
  }
}

/** In the order that the browser lists them, which it does once a camera was allowed; after the last comes the first. */
async function cameraAfter(devices: MediaDevices, current: string | undefined): Promise<string | null> {
  try {
    const listed = await devices.enumerateDevices();
    const ids = listed.filter((d) => d.kind === 'videoinput' && d.deviceId !== '').map((d) => d.deviceId);
    const next = ids[(ids.indexOf(current ?? '') + 1) % ids.length];
    return next === undefined || next === current ? null : next;
  } catch {
    return null;
  }
}

async function shoot(video: HTMLVideoElement): Promise<Blob> {
  if (video.videoWidth === 0) throw new CameraError('ended');
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((done, fail) => {
    canvas.toBlob(
      (blob) => {
        if (blob) done(blob);
        else fail(new CameraError('ended'));
      },
      'image/jpeg',
      0.95,
    );
  });
}
