export function pauseIndex(ms: number): number {
  return ms <= 10 ? 0 : Math.min(Math.ceil(Math.log(ms / 10) / Math.log(1.05)), 393);
}
