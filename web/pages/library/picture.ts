/** The pixels behind an image's address as a PNG. Drawn instead of fetched: strict pages may not fetch such addresses. */
export async function pictureOf(url: string): Promise<Blob> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => {
      if (blob) done(blob);
      else fail(new Error('The image could not be read.'));
    }, 'image/png');
  });
}
