// Where things stand on the paper: minutes to pixels and back, and side by side what overlaps in a room. Pure.

export const NARROWEST_PX = 132;
export const GAP_PX = 3;

// Side by side: each gets the first lane that is free, and a cluster of what overlaps is as wide as its busiest moment.
// Takes [{id, at, minutes}], answers Map id → {lane, lanes}.
export function lanes(items) {
  const sorted = [...items].sort((one, other) => one.at - other.at || other.minutes - one.minutes || one.id - other.id);
  const found = new Map();
  let cluster = [];
  let ends = [];
  let last = -Infinity;
  const close = () => {
    for (const id of cluster) found.get(id).lanes = ends.length;
    cluster = [];
    ends = [];
  };
  for (const item of sorted) {
    if (item.at >= last) close();
    let lane = ends.findIndex((end) => end <= item.at);
    if (lane < 0) lane = ends.length;
    ends[lane] = item.at + item.minutes;
    last = Math.max(last, ends[lane]);
    found.set(item.id, { lane, lanes: 1 });
    cluster.push(item.id);
  }
  close();
  return found;
}

export function snapped(minutes, step) {
  return Math.round(minutes / step) * step;
}

// The days that are shown, each a field of columns. `left` and `top` are of the field inside what scrolls.
export class Layout {
  constructor({ fields, rooms, column, perMinute }) {
    Object.assign(this, { fields, rooms, column, perMinute });
  }

  box(field, place, { lane, lanes: count }) {
    const isWide = place.room === null;
    const width = isWide ? this.column * this.rooms : this.column / count;
    const left = isWide ? 0 : this.index(place.room) * this.column + lane * width;
    return {
      left: Math.round(left) + 1,
      top: (place.at - field.day.from) * this.perMinute,
      width: Math.round(width) - GAP_PX,
      height: Math.max(place.minutes * this.perMinute - 1, 6),
    };
  }

  index(room) {
    return this.indexOf.get(room) ?? 0;
  }

  fieldOf(at) {
    return this.fields.find((field) => field.day.from <= at && at < field.day.to) ?? null;
  }

  // The field, room and minute under a point of what scrolls; null beside all fields.
  under(x, y) {
    const field = this.fields.find((one) => x >= one.left && x < one.left + this.column * this.rooms);
    if (!field) return null;
    const index = Math.floor((x - field.left) / this.column);
    const at = field.day.from + (y - field.top) / this.perMinute;
    return { field, index, at };
  }
}
