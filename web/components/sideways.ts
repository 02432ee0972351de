/**
 * Attachment of what scrolls sideways: `data-more` names the sides on which there is more than fits (left, right), and
 * the style of the app fades these out.
 */
export function sideways(node: HTMLElement): () => void {
  const look = (): void => {
    const end = node.scrollLeft + node.clientWidth;
    const sides = [node.scrollLeft > 1 && 'left', end < node.scrollWidth - 1 && 'right'];
    node.dataset.more = sides.filter((side) => side !== false).join(' ');
  };
  const sized = new ResizeObserver(look);
  const filled = new MutationObserver(look);
  sized.observe(node);
  filled.observe(node, { childList: true, subtree: true, characterData: true });
  node.addEventListener('scroll', look, { passive: true });
  return () => {
    sized.disconnect();
    filled.disconnect();
    node.removeEventListener('scroll', look);
  };
}
