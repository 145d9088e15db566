/** What of the map is in view: all of it where names can be read then, or else the surroundings of one place. */
import { useReactFlow, useStore, type XYPosition } from "@xyflow/react";
import { useEffect } from "react";

/** Pixels that a dot, its name and its figure take up around their place. */
const AROUND = { x: 60, above: 15, below: 55 };

interface Props {
  places: readonly XYPosition[];
  /** The place to stay with; without one, everything is shown. */
  at: XYPosition | undefined;
}

export function Camera({ places, at }: Props) {
  const { fitBounds, setCenter } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const [left, right] = ends(places.map(({ x }) => x));
  const [top, bottom] = ends(places.map(({ y }) => y));
  const { x, y } = at ?? {};
  useEffect(() => {
    if (width === 0 || height === 0) return;
    if (x !== undefined && y !== undefined) void setCenter(x, y, { zoom: 0.9 });
    else
      void fitBounds(
        {
          x: left - AROUND.x,
          y: top - AROUND.above,
          width: right - left + 2 * AROUND.x,
          height: bottom - top + AROUND.above + AROUND.below,
        },
        { padding: 0.02 },
      );
  }, [width, height, x, y, left, right, top, bottom, fitBounds, setCenter]);
  return null;
}

const ends = (values: number[]): [number, number] => [Math.min(0, ...values), Math.max(0, ...values)];
