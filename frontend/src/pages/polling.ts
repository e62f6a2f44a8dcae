/** Asking again while a page is looked at. */

/** Call `ask` now and every so many milliseconds after it ended, while the page is visible; the result ends it. */
export function every(milliseconds: number, ask: () => Promise<void>): () => void {
  let timer = 0;
  let isOver = false;
  const round = async (): Promise<void> => {
    clearTimeout(timer);
    await ask().catch(() => undefined); // the banner says what is wrong, and what was shown stays
    if (!isOver) timer = window.setTimeout(() => void round(), milliseconds);
  };
  const woken = (): void => {
    if (!document.hidden) void round();
  };
  document.addEventListener("visibilitychange", woken);
  void round();
  return () => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", woken);
  };
}
