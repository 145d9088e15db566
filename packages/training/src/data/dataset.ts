/** Prepared data open for training: one long row of tokens a side, wherever its shards end. */
import { join } from "node:path";
import { TrainingError } from "../training-error.ts";
import { type DatasetSummary, readSummary, type SideSummary } from "./prepare.ts";
import { Shard } from "./shard.ts";

export class Dataset {
  readonly summary: DatasetSummary;
  readonly train: TokenRow;
  readonly validation: TokenRow;

  /** @param folder as `prepareDataset` made it @throws {TrainingError} when what lies there is not what it wrote */
  constructor(folder: string) {
    this.summary = readSummary(folder);
    this.train = this.row(folder, this.summary.train);
    this.validation = this.row(folder, this.summary.validation);
  }

  close(): void {
    this.train.close();
    this.validation.close();
  }

  private row(folder: string, { shards }: SideSummary): TokenRow {
    const row = new TokenRow(shards.map((name) => new Shard(join(folder, name))));
    const strange = row.shards.find(({ tokenizerHash }) => tokenizerHash !== this.summary.tokenizerHash);
    if (strange)
      throw new TrainingError(
        `${strange.path} is of another tokenizer`,
        "Remove the folder and make the data ready again.",
      );
    for (const shard of row.shards) shard.verify();
    return row;
  }
}

/** The tokens of several shards as one row. */
export class TokenRow {
  readonly shards: readonly Shard[];
  readonly length: number;
  private readonly ends: number[] = [];

  constructor(shards: readonly Shard[]) {
    this.shards = shards;
    let length = 0;
    for (const shard of shards) {
      length += shard.tokens;
      this.ends.push(length);
    }
    this.length = length;
  }

  /** Copies `count` tokens from a place into a place of `into`. */
  copy(from: number, count: number, into: Int32Array, at: number): void {
    if (from < 0 || from + count > this.length)
      throw new RangeError(`tokens ${from} to ${from + count} of ${this.length}`);
    let place = this.ends.findIndex((end) => from < end);
    for (let done = 0; done < count; place++) {
      const shard = this.shards[place] as Shard;
      const start = from + done - ((this.ends[place] as number) - shard.tokens);
      const length = Math.min(count - done, shard.tokens - start);
      into.set(shard.window(start, length), at + done);
      done += length;
    }
  }

  close(): void {
    for (const shard of this.shards) shard.close();
  }
}
