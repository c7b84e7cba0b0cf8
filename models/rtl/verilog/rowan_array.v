// SPDX-License-Identifier: Apache-2.0
//
// The array: PEs with their multicast controllers, and the local links that carry psums from a PE to
// the PE above it. Row 0 is the top.

module rowan_array #(
    parameter ROWS = 12,
    parameter COLUMNS = 14,

    parameter PE_TYPE = 0,
    parameter ACTIVATION_BITS = 16,
    parameter WEIGHT_BITS = 16,
    parameter PRODUCT_BITS = 16,
    parameter PSUM_BITS = 16,
    parameter SATURATE = 0,
    parameter MULTIPLY_LATENCY = 1,
    parameter ACCUMULATE_LATENCY = 2,
    parameter ZERO_GATING = 1,

    parameter IFMAP_SPAD_WORDS = 12,
    parameter FILTER_SPAD_WORDS = 224,
    parameter PSUM_SPAD_WORDS = 24,
    parameter IFMAP_FIFO_WORDS = 4,
    parameter FILTER_FIFO_WORDS = 8,
    parameter PSUM_IN_FIFO_WORDS = 24,
    parameter PSUM_OUT_FIFO_WORDS = 24,

    // Of each bus: ID bits, words of a packet, parts of a word, lines.
    parameter FILTER_ROW_ID_BITS = 4,
    parameter FILTER_COLUMN_ID_BITS = 4,
    parameter FILTER_WORDS = 4,
    parameter FILTER_PARTS = 1,
    parameter FILTER_BUS_BITS = 64,
    parameter IFMAP_ROW_ID_BITS = 4,
    parameter IFMAP_COLUMN_ID_BITS = 5,
    parameter IFMAP_PARTS = 1,
    parameter IFMAP_BUS_BITS = 16,
    parameter PSUM_ROW_ID_BITS = 4,
    parameter PSUM_COLUMN_ID_BITS = 4,
    parameter PSUM_WORDS = 4,
    parameter PSUM_PARTS = 1,
    parameter PSUM_BUS_BITS = 64,
    parameter LINK_WORDS = 4,
    parameter LINK_PARTS = 1,
    parameter LINK_BITS = 64
) (
    input wire       clock,
    input wire       reset,
    input wire       restart,
    input wire       running,
    input wire [4:0] product_shift,

    // Registers and counters: 16 * PE + register, PEs row by row.
    input  wire        configure,
    input  wire [27:0] register_index,
    input  wire [31:0] register_data,
    output wire [31:0] counter,

    input  wire [      FILTER_ROW_ID_BITS-1:0] filter_offer_row,
    input  wire [   FILTER_COLUMN_ID_BITS-1:0] filter_offer_column,
    input  wire [$clog2(FILTER_WORDS+1)-1 : 0] filter_offer_words,
    output wire                                filter_full,
    input  wire                                filter_issue,
    input  wire                                filter_bus_valid,
    input  wire [      FILTER_ROW_ID_BITS-1:0] filter_bus_row,
    input  wire [   FILTER_COLUMN_ID_BITS-1:0] filter_bus_column,
    input  wire [$clog2(FILTER_WORDS+1)-1 : 0] filter_bus_words,
    input  wire [         FILTER_BUS_BITS-1:0] filter_bus_data,

    input  wire [   IFMAP_ROW_ID_BITS-1:0] ifmap_offer_row,
    input  wire [IFMAP_COLUMN_ID_BITS-1:0] ifmap_offer_column,
    output wire                            ifmap_full,
    input  wire                            ifmap_issue,
    input  wire                            ifmap_bus_valid,
    input  wire [   IFMAP_ROW_ID_BITS-1:0] ifmap_bus_row,
    input  wire [IFMAP_COLUMN_ID_BITS-1:0] ifmap_bus_column,
    input  wire [      IFMAP_BUS_BITS-1:0] ifmap_bus_data,

    input  wire [      PSUM_ROW_ID_BITS-1:0] psum_offer_row,
    input  wire [   PSUM_COLUMN_ID_BITS-1:0] psum_offer_column,
    input  wire [$clog2(PSUM_WORDS+1)-1 : 0] psum_offer_words,
    output wire                              psum_full,
    input  wire                              psum_issue,
    input  wire                              psum_bus_valid,
    input  wire [      PSUM_ROW_ID_BITS-1:0] psum_bus_row,
    input  wire [   PSUM_COLUMN_ID_BITS-1:0] psum_bus_column,
    input  wire [$clog2(PSUM_WORDS+1)-1 : 0] psum_bus_words,
    input  wire [         PSUM_BUS_BITS-1:0] psum_bus_data,

    input  wire [      PSUM_ROW_ID_BITS-1:0] gon_offer_row,
    input  wire [   PSUM_COLUMN_ID_BITS-1:0] gon_offer_column,
    input  wire [$clog2(PSUM_WORDS+1)-1 : 0] gon_offer_words,
    output wire                              gon_there,
    input  wire                              gon_issue,
    output wire [         PSUM_BUS_BITS-1:0] gon_bus_data
);

    localparam PES = ROWS * COLUMNS;
    localparam IN_COUNT_BITS = PSUM_IN_FIFO_WORDS > 1 ? $clog2(PSUM_IN_FIFO_WORDS) + 1 : 2;
    localparam OUT_COUNT_BITS = PSUM_OUT_FIFO_WORDS > 1 ? $clog2(PSUM_OUT_FIFO_WORDS) + 1 : 2;
    localparam COUNT_BITS = IN_COUNT_BITS > OUT_COUNT_BITS ? IN_COUNT_BITS : OUT_COUNT_BITS;
    localparam LINK_WORDS_BITS = $clog2(LINK_WORDS + 1);
    localparam MOVED = LINK_WORDS * PSUM_BITS;

    // What every PE says.
    wire [PES-1:0] filter_fulls;
    wire [PES-1:0] ifmap_fulls;
    wire [PES-1:0] psum_fulls;
    wire [PES-1:0] gon_theres;
    wire [PES*PSUM_BUS_BITS-1:0] gon_buses;
    wire [PES*32-1:0] counters;
    // Links, by the PE at their lower end (above_) and upper end (below_).
    wire [PES-1:0] above_used;
    wire [PES*OUT_COUNT_BITS-1:0] above_stored;
    wire [PES*MOVED-1:0] above_data;
    wire [PES*LINK_WORDS_BITS-1:0] above_take;
    wire [PES*IN_COUNT_BITS-1:0] below_free;
    wire [PES*LINK_WORDS_BITS-1:0] below_write;
    wire [PES*MOVED-1:0] below_data;
    wire [PES*LINK_WORDS_BITS-1:0] below_reserve;

    assign filter_full = |filter_fulls;
    assign ifmap_full = |ifmap_fulls;
    assign psum_full = |psum_fulls;
    assign gon_there = |gon_theres;

    rowan_or #(.INPUTS(PES), .WIDTH(PSUM_BUS_BITS)) gon_bus (.in(gon_buses), .out(gon_bus_data));
    rowan_or #(.INPUTS(PES), .WIDTH(32)) counter_bus (.in(counters), .out(counter));

    genvar pe;
    generate
        for (pe = 0; pe < PES; pe = pe + 1) begin : element
            wire select = register_index[27:4] == pe;

            rowan_pe #(
                .PE_TYPE(PE_TYPE),
                .ACTIVATION_BITS(ACTIVATION_BITS),
                .WEIGHT_BITS(WEIGHT_BITS),
                .PRODUCT_BITS(PRODUCT_BITS),
                .PSUM_BITS(PSUM_BITS),
                .SATURATE(SATURATE),
                .MULTIPLY_LATENCY(MULTIPLY_LATENCY),
                .ACCUMULATE_LATENCY(ACCUMULATE_LATENCY),
                .ZERO_GATING(ZERO_GATING),
                .IFMAP_SPAD_WORDS(IFMAP_SPAD_WORDS),
                .FILTER_SPAD_WORDS(FILTER_SPAD_WORDS),
                .PSUM_SPAD_WORDS(PSUM_SPAD_WORDS),
                .IFMAP_FIFO_WORDS(IFMAP_FIFO_WORDS),
                .FILTER_FIFO_WORDS(FILTER_FIFO_WORDS),
                .PSUM_IN_FIFO_WORDS(PSUM_IN_FIFO_WORDS),
                .PSUM_OUT_FIFO_WORDS(PSUM_OUT_FIFO_WORDS),
                .FILTER_ROW_ID_BITS(FILTER_ROW_ID_BITS),
                .FILTER_COLUMN_ID_BITS(FILTER_COLUMN_ID_BITS),
                .FILTER_WORDS(FILTER_WORDS),
                .FILTER_PARTS(FILTER_PARTS),
                .FILTER_BUS_BITS(FILTER_BUS_BITS),
                .IFMAP_ROW_ID_BITS(IFMAP_ROW_ID_BITS),
                .IFMAP_COLUMN_ID_BITS(IFMAP_COLUMN_ID_BITS),
                .IFMAP_PARTS(IFMAP_PARTS),
                .IFMAP_BUS_BITS(IFMAP_BUS_BITS),
                .PSUM_ROW_ID_BITS(PSUM_ROW_ID_BITS),
                .PSUM_COLUMN_ID_BITS(PSUM_COLUMN_ID_BITS),
                .PSUM_WORDS(PSUM_WORDS),
                .PSUM_PARTS(PSUM_PARTS),
                .PSUM_BUS_BITS(PSUM_BUS_BITS),
                .LINK_WORDS(LINK_WORDS)
            ) processing_element (
                .clock(clock),
                .reset(reset),
                .restart(restart),
                .running(running),
                .product_shift(product_shift),
                .configure(configure && select),
                .select(select),
                .register_index(register_index[3:0]),
                .register_data(register_data),
                .counter(counters[pe*32+:32]),
                .filter_offer_row(filter_offer_row),
                .filter_offer_column(filter_offer_column),
                .filter_offer_words(filter_offer_words),
                .filter_full(filter_fulls[pe]),
                .filter_issue(filter_issue),
                .filter_bus_valid(filter_bus_valid),
                .filter_bus_row(filter_bus_row),
                .filter_bus_column(filter_bus_column),
                .filter_bus_words(filter_bus_words),
                .filter_bus_data(filter_bus_data),
                .ifmap_offer_row(ifmap_offer_row),
                .ifmap_offer_column(ifmap_offer_column),
                .ifmap_full(ifmap_fulls[pe]),
                .ifmap_issue(ifmap_issue),
                .ifmap_bus_valid(ifmap_bus_valid),
                .ifmap_bus_row(ifmap_bus_row),
                .ifmap_bus_column(ifmap_bus_column),
                .ifmap_bus_data(ifmap_bus_data),
                .psum_offer_row(psum_offer_row),
                .psum_offer_column(psum_offer_column),
                .psum_offer_words(psum_offer_words),
                .psum_full(psum_fulls[pe]),
                .psum_issue(psum_issue),
                .psum_bus_valid(psum_bus_valid),
                .psum_bus_row(psum_bus_row),
                .psum_bus_column(psum_bus_column),
                .psum_bus_words(psum_bus_words),
                .psum_bus_data(psum_bus_data),
                .gon_offer_row(gon_offer_row),
                .gon_offer_column(gon_offer_column),
                .gon_offer_words(gon_offer_words),
                .gon_there(gon_theres[pe]),
                .gon_issue(gon_issue),
                .gon_bus_data(gon_buses[pe*PSUM_BUS_BITS+:PSUM_BUS_BITS]),
                .below_free(below_free[pe*IN_COUNT_BITS+:IN_COUNT_BITS]),
                .below_reserve(below_reserve[pe*LINK_WORDS_BITS+:LINK_WORDS_BITS]),
                .below_write(below_write[pe*LINK_WORDS_BITS+:LINK_WORDS_BITS]),
                .below_data(below_data[pe*MOVED+:MOVED]),
                .above_used(above_used[pe]),
                .above_stored(above_stored[pe*OUT_COUNT_BITS+:OUT_COUNT_BITS]),
                .above_data(above_data[pe*MOVED+:MOVED]),
                .above_take(above_take[pe*LINK_WORDS_BITS+:LINK_WORDS_BITS])
            );

            if (pe < COLUMNS) begin : top
                assign above_take[pe*LINK_WORDS_BITS+:LINK_WORDS_BITS] = 0;
                wire unused = &{
                    1'b0,
                    above_used[pe],
                    above_stored[pe*OUT_COUNT_BITS+:OUT_COUNT_BITS],
                    above_data[pe*MOVED+:MOVED]
                };
            end else begin : link_above
                localparam UPPER = pe - COLUMNS;
                wire [COUNT_BITS-1:0] stored;
                wire [COUNT_BITS-1:0] free;
                assign stored = {
                    {(COUNT_BITS - OUT_COUNT_BITS) {1'b0}},
                    above_stored[pe*OUT_COUNT_BITS+:OUT_COUNT_BITS]
                };
                assign free = {
                    {(COUNT_BITS - IN_COUNT_BITS) {1'b0}},
                    below_free[UPPER*IN_COUNT_BITS+:IN_COUNT_BITS]
                };
                rowan_local_link #(
                    .WORD_BITS(PSUM_BITS),
                    .WORDS(LINK_WORDS),
                    .LINK_BITS(LINK_BITS),
                    .PARTS(LINK_PARTS),
                    .COUNT_BITS(COUNT_BITS)
                ) local_link (
                    .clock(clock),
                    .restart(restart),
                    .used(running && above_used[pe]),
                    .stored(stored),
                    .words(above_data[pe*MOVED+:MOVED]),
                    .free(free),
                    .take(above_take[pe*LINK_WORDS_BITS+:LINK_WORDS_BITS]),
                    .write(below_write[UPPER*LINK_WORDS_BITS+:LINK_WORDS_BITS]),
                    .write_data(below_data[UPPER*MOVED+:MOVED])
                );
                assign below_reserve[UPPER*LINK_WORDS_BITS+:LINK_WORDS_BITS]
                     = above_take[pe*LINK_WORDS_BITS+:LINK_WORDS_BITS];
            end
            if (pe >= PES - COLUMNS) begin : bottom
                assign below_reserve[pe*LINK_WORDS_BITS+:LINK_WORDS_BITS] = 0;
                assign below_write[pe*LINK_WORDS_BITS+:LINK_WORDS_BITS] = 0;
                assign below_data[pe*MOVED+:MOVED] = 0;
                wire unused = &{1'b0, below_free[pe*IN_COUNT_BITS+:IN_COUNT_BITS]};
            end
        end
    endgenerate

endmodule
