// SPDX-License-Identifier: Apache-2.0
//
// The filter side of a PE: its end of the filter GIN, the filter FIFO, and the loader, which writes a
// word a cycle into filter_spad until the PE has the filter rows of the pass.

module rowan_filter_loader #(
    parameter WEIGHT_BITS = 16,
    parameter FIFO_WORDS = 8,
    parameter ADDRESS_BITS = 8,
    parameter IFMAP_ADDRESS_BITS = 4,
    parameter PSUM_ADDRESS_BITS = 5,
    parameter ROW_ID_BITS = 4,
    parameter COLUMN_ID_BITS = 4,
    parameter WORDS = 4,  // of a packet
    parameter PARTS = 1,
    parameter BUS_BITS = 64
) (
    input wire clock,
    input wire restart,
    input wire active,
    input wire working,

    // Registers of the pass.
    input wire [         ROW_ID_BITS-1:0] row,
    input wire [      COLUMN_ID_BITS-1:0] column,
    input wire [     PSUM_ADDRESS_BITS:0] psums,
    input wire [    IFMAP_ADDRESS_BITS:0] run_words,
    input wire [    IFMAP_ADDRESS_BITS:0] runs,

    // Filter GIN.
    input  wire [      ROW_ID_BITS-1:0] offer_row,
    input  wire [   COLUMN_ID_BITS-1:0] offer_column,
    input  wire [$clog2(WORDS+1)-1 : 0] offer_words,
    output wire                         full,
    input  wire                         issue,
    input  wire                         bus_valid,
    input  wire [      ROW_ID_BITS-1:0] bus_row,
    input  wire [   COLUMN_ID_BITS-1:0] bus_column,
    input  wire [$clog2(WORDS+1)-1 : 0] bus_words,
    input  wire [         BUS_BITS-1:0] bus_data,

    // The write port of filter_spad.
    output wire                    load,
    output reg  [ADDRESS_BITS-1:0] load_address,
    output wire [ WEIGHT_BITS-1:0] load_data,
    output reg                     loaded  // all of them
);

    localparam WORDS_BITS = $clog2(WORDS + 1);
    localparam COUNT_BITS = FIFO_WORDS > 1 ? $clog2(FIFO_WORDS) + 1 : 2;

    wire [WORDS_BITS-1:0] reserve;
    wire [WORDS_BITS-1:0] write;
    wire [WORDS*WEIGHT_BITS-1:0] packet;
    wire [COUNT_BITS-1:0] free;
    wire [COUNT_BITS-1:0] stored;

    rowan_gin_port #(
        .ROW_ID_BITS(ROW_ID_BITS),
        .COLUMN_ID_BITS(COLUMN_ID_BITS),
        .WORD_BITS(WEIGHT_BITS),
        .WORDS(WORDS),
        .PARTS(PARTS),
        .BUS_BITS(BUS_BITS),
        .COUNT_BITS(COUNT_BITS)
    ) port (
        .clock(clock),
        .active(active),
        .row(row),
        .column(column),
        .offer_row(offer_row),
        .offer_column(offer_column),
        .offer_words(offer_words),
        .full(full),
        .issue(issue),
        .bus_valid(bus_valid),
        .bus_row(bus_row),
        .bus_column(bus_column),
        .bus_words(bus_words),
        .bus_data(bus_data),
        .free(free),
        .reserve(reserve),
        .write(write),
        .write_data(packet)
    );

    rowan_fifo #(
        .WIDTH(WEIGHT_BITS),
        .DEPTH(FIFO_WORDS),
        .MAX_IN(WORDS),
        .MAX_OUT(1)
    ) filter_fifo (
        .clock(clock),
        .restart(restart),
        .reserve(reserve),
        .write(write),
        .write_data(packet),
        .pop(load),
        .read_data(load_data),
        .free(free),
        .stored(stored)
    );

    // Word (run, word of the run, psum) of a window; the next one to load.
    reg [IFMAP_ADDRESS_BITS-1:0] load_run;
    reg [IFMAP_ADDRESS_BITS-1:0] load_word;
    reg [PSUM_ADDRESS_BITS-1:0] load_psum;

    wire load_last_psum = {1'b0, load_psum} + 1'b1 == psums;
    wire load_last_word = {1'b0, load_word} + 1'b1 == run_words;
    wire load_last_run = {1'b0, load_run} + 1'b1 == runs;

    assign load = working && !loaded && stored != 0;

    always @(posedge clock) begin
        if (restart) begin
            load_run <= 0;
            load_word <= 0;
            load_psum <= 0;
            load_address <= 0;
            loaded <= 1'b0;
        end else if (load) begin
            load_address <= load_address + 1'b1;
            load_psum <= load_last_psum ? {PSUM_ADDRESS_BITS{1'b0}} : load_psum + 1'b1;
            if (load_last_psum) begin
                load_word <= load_last_word ? {IFMAP_ADDRESS_BITS{1'b0}} : load_word + 1'b1;
                if (load_last_word) begin
                    load_run <= load_run + 1'b1;
                    if (load_last_run) loaded <= 1'b1;
                end
            end
        end
    end

endmodule
