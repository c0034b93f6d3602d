package dev.ondine.kernels.machine;

import dev.ondine.kernels.x86.Gpr;
import dev.ondine.kernels.x86.Mem;

/**
 * What attention kernels find behind their argument: one worker's memory of arguments, places for their own use and scratch.
 * All sizes are in bytes, all places at multiples of 8.
 *
 * <p>A kernel works on items. An item is a record and a key-value head; the kernel walks the records of one head, then those of the
 * next. A record names some pairs of a row and a query head of the group, all of one sequence, and a run of positions.
 */
final class AttentionFrame {

    /** Positions per block of the cache. */
    static final int BLOCK = 32;
    /** Positions whose sums are formed before anything else is added to them; a multiple of a block. */
    static final int SEGMENT = 512;
    /** Most pairs of one record. */
    static final int PAIRS = 32;

    /** Arguments, in 64-bit numbers; those marked F32 lie in the lower half. */
    enum Argument {
        /** The records, and the first byte behind them. */
        RECORDS, RECORDS_END,
        /** The first item's record and head, and how many items to do. */
        RECORD, KV_HEAD, ITEMS,
        /** 32 times -infinity, 32 times +infinity, 32 times -infinity. */
        EDGES,
        HEAD_DIM, QUERIES, OUTPUT, KEYS_OFFSET, VALUES_OFFSET,
        /** Of one head's keys in a block, and as many of its values. */
        HEAD_SHARE,
        /** Of the query heads that share a key-value head, in a row. */
        GROUP_BYTES,
        /** Of one position's values of one head, without scales. */
        ROW_BYTES,
        /** Of the scales of one position's values, as floats; 0 for values without. */
        SCALES_STEP,
        /** Vectors that hold the channels of a head, and 1 if the last is not full. */
        SLOTS, PARTIAL_SLOT,
        /** Most slots left that do not suffice for a step of 2 or 4 full ones. */
        BELOW_TWO, BELOW_FOUR,
        /** A bit for each lane of the last slot that holds a channel; for AVX2, how many there are. */
        LAST_LANES,
        /** Of the sums of one tile of pairs. */
        TILE_SUMS,
        /** The partial results, and how far those for one head are from those for the next. */
        PARTIALS, PARTIALS_OF_HEAD,
        /** F32: factor of the queries; bound of the scores, 0 for none; 2 / bound; the lowest number. */
        SCALE, CAP, TWO_OVER_CAP, LOWEST,
        /** Scratch: queries, the sums of a segment, those of all segments so far, and the scales of a block's values. */
        QUERY_TILES, SEGMENT_SUMS, RUNNING_SUMS, VALUE_SCALES,
        // The kernels' own, from here on.
        SAVED_R12, SAVED_R13, SAVED_R14, SAVED_R15,
        /** Of the head inside a block, and inside rows of queries. */
        KEY_PLACE, VALUE_PLACE, QUERY_PLACE,
        /** First position behind the segment. */
        SEGMENT_END,
        /** Where the segment's maxima and weights are, and its sums. */
        STATE, SUMS,
        /** The block's values from the first position that counts. */
        VALUES, WEIGHTS, POSITIONS,
        /** The block's values from its first position, and the scale of the first one that counts. */
        BLOCK_VALUES, FIRST_SCALE;

        /** Where it lies. */
        Mem at() {
            return Mem.at(Gpr.RDI, ordinal() * Long.BYTES);
        }
    }

    /** [pair, position of the block]: scores, then e^(score - maximum). */
    static final int SCORES = 512;
    static final int PAIR_SCORES = BLOCK * Float.BYTES;
    /** [pair]: a vector of the maximum, a vector of summed weights. */
    static final int SEGMENT_STATE = SCORES + PAIRS * PAIR_SCORES;
    static final int RUNNING_STATE = SEGMENT_STATE + PAIRS * 2 * 64;
    static final int END = RUNNING_STATE + PAIRS * 2 * 64;

    /** Numbers of a record. */
    enum Field {
        /** Address of the table of block addresses, as if it began with block 0. */
        TABLE,
        /** First position that any pair sees, and the first that none sees any more. */
        FROM, END,
        /** Between these every pair sees every position. */
        ALL_FROM, ALL_END,
        PAIR_COUNT,
        /** Partial results to add up, or 1 for the one to make; 0 if the result is whole. */
        PARTS,
        /** Where the first partial result is, counted from those of the head. */
        PARTIAL,
        /** Per pair: where its channels are in a matrix, the last position that it sees, the first. */
        OFFSETS, LASTS, FIRSTS;

        /** Index of its first number. */
        int index() {
            return ordinal() <= OFFSETS.ordinal() ? ordinal() : OFFSETS.ordinal() + (ordinal() - OFFSETS.ordinal()) * PAIRS;
        }

        Mem at() {
            return Mem.at(Gpr.R15, index() * Long.BYTES);
        }

        /** Of the pair with this number. */
        Mem at(Gpr pair) {
            return Mem.at(Gpr.R15, pair, Long.BYTES, index() * Long.BYTES);
        }
    }

    /** Numbers in a record. */
    static final int RECORD_LONGS = Field.FIRSTS.index() + PAIRS;
    static final int RECORD_BYTES = RECORD_LONGS * Long.BYTES;

    private AttentionFrame() {
    }

    /** Pairs whose scores and sums are held in registers together. */
    static int tilePairs(Isa isa) {
        return isa.isAvx512() ? 8 : 4;
    }

    /** Of a pair's maximum and weights. */
    static int stateBytes(Isa isa) {
        return 2 * isa.vectorBytes();
    }
}
