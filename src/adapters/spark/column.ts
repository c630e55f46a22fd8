/** One number of each task, kept in eight bytes each. */
export interface Column {
  push(value: number): void;
  length(): number;
  total(): number;
  sorted(): Float64Array;
}

const firstRoom = 16;

export function column(): Column {
  let room = new Float64Array(firstRoom);
  let length = 0;
  let total = 0;
  return {
    push: (value) => {
      if (length === room.length) {
        const larger = new Float64Array(length * 2);
        larger.set(room);
        room = larger;
      }
      room[length] = value;
      length += 1;
      total += value;
    },
    length: () => length,
    total: () => total,
    sorted: () => room.slice(0, length).sort(),
  };
}
