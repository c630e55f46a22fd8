import type { HistoryEntry, IncidentState } from '../model/history.ts';

const NOTHING: IncidentState = {
  identity: null,
  target: null,
  openedAt: null,
  closedAt: null,
  signal: null,
  flaps: [],
  snoozedUntil: null,
  advised: false,
  investigations: 0,
  outcome: null,
  owed: false,
  blocked: null,
  proposals: [],
  withdrawn: [],
  merges: [],
  rollout: null,
  answered: [],
  plannedHeads: [],
  askers: [],
};

/** An incident's state as the fold of its entries. An entry that is there twice (a redelivery, a rerun) counts once. */
export function foldHistory(entries: readonly HistoryEntry[]): IncidentState {
  const once = [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
  return once.reduce(step, NOTHING);
}

function step(state: IncidentState, entry: HistoryEntry): IncidentState {
  switch (entry.what) {
    case 'opened':
      return { ...state, identity: entry.identity, target: entry.target, openedAt: state.openedAt ?? entry.at };
    case 'signal':
      return { ...state, signal: entry.signal, flaps: isBack(state, entry) ? flapAt(state, entry.at) : state.flaps };
    case 'reopened':
      return { ...state, closedAt: null, flaps: flapAt(state, entry.at) };
    case 'snoozed':
      return { ...state, snoozedUntil: entry.until };
    case 'advised':
      return { ...state, advised: true };
    case 'investigated':
      return {
        ...state,
        investigations: state.investigations + 1,
        blocked: null,
        owed: entry.acting,
        outcome: entry.outcome,
        askers: entry.asker ? [...new Set([...state.askers, entry.asker.id])] : state.askers,
      };
    case 'blocked':
      return { ...state, blocked: entry.code, owed: false };
    case 'proposed':
      return { ...state, owed: false, proposals: [...state.proposals.filter((one) => one.pull !== entry.pull), entry] };
    case 'planned':
      return { ...state, plannedHeads: [...state.plannedHeads, entry.head] };
    case 'answered':
      return { ...state, answered: [...state.answered, entry.comment] };
    case 'merged':
      return { ...state, merges: [...state.merges.filter((one) => one.merge !== entry.merge), entry] };
    case 'broke-glass':
      return state;
    case 'rollout':
      return { ...state, rollout: entry.state };
    case 'closed':
      return { ...state, closedAt: entry.at, withdrawn: entry.why === 'dismissed' ? undecided(state) : state.withdrawn };
  }
}

/** Proposals that are not merged: those that an earlier dismissal closed among them. */
function undecided({ proposals, merges }: IncidentState): readonly number[] {
  return proposals.map(({ pull }) => pull).filter((pull) => !merges.some((merged) => merged.pull === pull));
}

/** The proposals that may still be merged, as far as the marks tell. */
export function openIn(state: IncidentState): IncidentState['proposals'] {
  const open = undecided(state).filter((pull) => !state.withdrawn.includes(pull));
  return state.proposals.filter(({ pull }) => open.includes(pull));
}

/** An alert that fires again after it was resolved has flapped, whether or not its incident was closed in between. */
function isBack(state: IncidentState, entry: Extract<HistoryEntry, { what: 'signal' }>): boolean {
  return state.signal?.status === 'resolved' && entry.signal.status === 'firing';
}

/** A reopening and its signal are noted at one instant and are one flap. */
function flapAt({ flaps }: IncidentState, at: string): readonly string[] {
  return flaps.includes(at) ? flaps : [...flaps, at];
}
