/** A plan is made below what asked for it: as the ref of its section, this scrolls to it when it comes. */
export function showPlan(plan: HTMLElement | null): void {
  plan?.scrollIntoView({ block: 'start' });
}
