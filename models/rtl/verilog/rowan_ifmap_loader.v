// SPDX-License-Identifier: Apache-2.0
//
// The ifmap side of a PE: its end of the ifmap GIN, the ifmap FIFO, and the loader, which writes a word
// a cycle into ifmap_spad, ahead of the windows as far as there is room. ifmap_spad is a ring: the
// window's words begin at `window_slot`, all words before are free.

module rowan_ifmap_loader #(
    parameter ACTIVATION_BITS = 16,
    parameter SPAD_WORDS = 12,
    parameter FIFO_WORDS = 4,
    parameter ROW_ID_BITS = 4,
    parameter COLUMN_ID_BITS = 5,
    parameter PARTS = 1,
    parameter BUS_BITS = 16
) (
    input wire clock,
    input wire restart,
    input wire active,
    input wire working,

    // Registers of the pass.
    input wire [   ROW_ID_BITS-1:0] row,
    input wire [COLUMN_ID_BITS-1:0] column,
    input wire [              15:0] images,
    input wire [              23:0] image_words,

    // Ifmap GIN.
    input  wire [   ROW_ID_BITS-1:0] offer_row,
    input  wire [COLUMN_ID_BITS-1:0] offer_column,
    output wire                      full,
    input  wire                      issue,
    input  wire                      bus_valid,
    input  wire [   ROW_ID_BITS-1:0] bus_row,
    input  wire [COLUMN_ID_BITS-1:0] bus_column,
    input  wire [      BUS_BITS-1:0] bus_data,

    // The write port of ifmap_spad.
    output wire                                                     load,
    output reg  [(SPAD_WORDS > 1 ? $clog2(SPAD_WORDS) : 1) - 1 : 0] load_slot,
    output wire [                              ACTIVATION_BITS-1:0] load_data,

    // The window moves on by so many words.
    input  wire                                                     release_window,
    input  wire [    (SPAD_WORDS > 1 ? $clog2(SPAD_WORDS) : 1) : 0] released,
    output reg  [(SPAD_WORDS > 1 ? $clog2(SPAD_WORDS) : 1) - 1 : 0] window_slot,
    output reg  [    (SPAD_WORDS > 1 ? $clog2(SPAD_WORDS) : 1) : 0] held  // words, from window_slot on
);

    localparam ADDRESS_BITS = SPAD_WORDS > 1 ? $clog2(SPAD_WORDS) : 1;
    localparam COUNT_BITS = FIFO_WORDS > 1 ? $clog2(FIFO_WORDS) + 1 : 2;

    wire reserve;
    wire write;
    wire [ACTIVATION_BITS-1:0] packet;
    wire [COUNT_BITS-1:0] free;
    wire [COUNT_BITS-1:0] stored;

    rowan_gin_port #(
        .ROW_ID_BITS(ROW_ID_BITS),
        .COLUMN_ID_BITS(COLUMN_ID_BITS),
        .WORD_BITS(ACTIVATION_BITS),
        .WORDS(1),
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
        .offer_words(1'b1),
        .full(full),
        .issue(issue),
        .bus_valid(bus_valid),
        .bus_row(bus_row),
        .bus_column(bus_column),
        .bus_words(1'b1),
        .bus_data(bus_data),
        .free(free),
        .reserve(reserve),
        .write(write),
        .write_data(packet)
    );

    rowan_fifo #(
        .WIDTH(ACTIVATION_BITS),
        .DEPTH(FIFO_WORDS),
        .MAX_IN(1),
        .MAX_OUT(1)
    ) ifmap_fifo (
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

    reg [23:0] loaded_words;  // of the image
    reg [15:0] loaded_images;
    reg loaded;

    wire last_image_word = loaded_words + 1'b1 == image_words;

    wire [ADDRESS_BITS-1:0] next_window_slot;
    wire [ADDRESS_BITS-1:0] next_load_slot;
    rowan_ring_step #(.SLOTS(SPAD_WORDS)) window_step (
        .slot(window_slot),
        .steps(released),
        .next(next_window_slot)
    );
    rowan_ring_step #(.SLOTS(SPAD_WORDS)) load_step (
        .slot(load_slot),
        .steps({{ADDRESS_BITS{1'b0}}, 1'b1}),
        .next(next_load_slot)
    );

    assign load = working && !loaded && stored != 0
               && held != SPAD_WORDS[ADDRESS_BITS:0];

    always @(posedge clock) begin
        if (restart) begin
            window_slot <= 0;
            load_slot <= 0;
            held <= 0;
            loaded_words <= 0;
            loaded_images <= 0;
            loaded <= 1'b0;
        end else begin
            held <= held + {{ADDRESS_BITS{1'b0}}, load}
                  - (release_window ? released : {ADDRESS_BITS + 1{1'b0}});
            if (release_window) window_slot <= next_window_slot;
            if (load) begin
                load_slot <= next_load_slot;
                loaded_words <= last_image_word ? 24'd0 : loaded_words + 1'b1;
                if (last_image_word) begin
                    loaded_images <= loaded_images + 1'b1;
                    if (loaded_images + 1'b1 == images) loaded <= 1'b1;
                end
            end
        end
    end

endmodule
