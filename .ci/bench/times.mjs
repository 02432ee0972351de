// Times of repeated work, by the clock and by the processor: the second are the fairer ones where other work goes on.

export function newTimes() {
  return { seconds: [], cpu: [] };
}

export function addTimes(all, more) {
  all.seconds.push(...more.seconds);
  all.cpu.push(...more.cpu);
}

export async function repeat(work, times) {
  const taken = newTimes();
  for (let i = 0; i < times; i += 1) {
    const [start, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    taken.seconds.push((performance.now() - start) / 1000);
    taken.cpu.push((user + system) / 1e6);
  }
  return taken;
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
