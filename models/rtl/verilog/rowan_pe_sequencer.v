// SPDX-License-Identifier: Apache-2.0
//
// The compute process of a PE: issues a MAC or an accumulation a cycle, in order, or says why it cannot.
// For each ifmap word of a window the MACs of its psums follow each other (a round); after the window
// each psum is added to the incoming one.

module rowan_pe_sequencer #(
    parameter ACCUMULATE_LATENCY = 2,
    parameter IFMAP_ADDRESS_BITS = 4,
    parameter FILTER_ADDRESS_BITS = 8,
    parameter PSUM_ADDRESS_BITS = 5
) (
    input wire clock,
    input wire restart,
    input wire working,

    // Registers of the pass.
    input wire [ PSUM_ADDRESS_BITS:0] psums,
    input wire [                15:0] images,
    input wire [                15:0] windows,
    input wire [                23:0] image_words,
    input wire [IFMAP_ADDRESS_BITS:0] run_words,
    input wire [IFMAP_ADDRESS_BITS:0] runs,
    input wire [IFMAP_ADDRESS_BITS:0] run_stride,
    input wire [IFMAP_ADDRESS_BITS:0] window_stride,

    // What there is to compute with.
    input wire                        filters_loaded,
    input wire [IFMAP_ADDRESS_BITS:0] held,         // ifmap words, from the window's first on
    input wire                        no_incoming,  // psum, though it has a source of them
    input wire                        no_room,      // for an outgoing one

    // The MAC or the accumulation of this cycle.
    output wire                           issue_mac,
    output wire                           issue_accumulation,
    output wire                           first_psum,  // of the round
    output reg  [  PSUM_ADDRESS_BITS-1:0] psum,         // of the round, or of the accumulations
    output reg  [   IFMAP_ADDRESS_BITS:0] word_offset,  // of the ifmap word, from the window's first
    output reg  [FILTER_ADDRESS_BITS-1:0] filter_address,
    output wire                           release_window,
    output wire [   IFMAP_ADDRESS_BITS:0] released,     // words

    // What keeps it from issuing; the first one counts.
    output wire computing,
    output wire lacks_filters,
    output wire lacks_ifmap,
    output wire hazard,
    output wire lacks_psum,
    output wire lacks_room
);

    localparam AGE_BITS = $clog2(ACCUMULATE_LATENCY + 1);

    reg done;
    reg accumulating;
    reg [15:0] image;
    reg [15:0] window;
    reg [IFMAP_ADDRESS_BITS-1:0] run;
    reg [IFMAP_ADDRESS_BITS-1:0] word;  // of the run
    reg [IFMAP_ADDRESS_BITS:0] run_offset;   // of the run's first word, from window_slot
    reg [23:0] left;  // words of the image that are not released
    reg [AGE_BITS-1:0] age;  // cycles since the latest round started, at most the latency

    wire last_psum = {1'b0, psum} + 1'b1 == psums;
    wire last_word = {1'b0, word} + 1'b1 == run_words;
    wire last_run = {1'b0, run} + 1'b1 == runs;
    wire last_window = window + 1'b1 == windows;
    wire last_image = image + 1'b1 == images;
    assign first_psum = psum == 0;
    wire first_round = word == 0 && run == 0;

    // Why nothing can issue; only the first psum of a round waits for its word, and once psum 0 has
    // waited for the adder the others follow it.
    assign computing = working && !done;
    assign lacks_filters = !filters_loaded;
    assign lacks_ifmap = !accumulating && first_psum && word_offset >= held;
    assign hazard = first_psum && (accumulating || !first_round)
               && age != ACCUMULATE_LATENCY[AGE_BITS-1:0];
    assign lacks_psum = accumulating && no_incoming;
    assign lacks_room = accumulating && no_room;

    wire issue = computing && !lacks_filters && !lacks_ifmap && !hazard && !lacks_psum && !lacks_room;
    assign issue_mac = issue && !accumulating;
    assign issue_accumulation = issue && accumulating;

    assign release_window = issue_mac && last_psum && last_word && last_run;
    assign released = last_window ? left[IFMAP_ADDRESS_BITS:0] : window_stride;

    always @(posedge clock) begin
        if (restart) begin
            done <= 1'b0;
            accumulating <= 1'b0;
            image <= 0;
            window <= 0;
            run <= 0;
            word <= 0;
            psum <= 0;
            run_offset <= 0;
            word_offset <= 0;
            filter_address <= 0;
            left <= image_words;
            age <= 0;
        end else begin
            if (issue_mac && first_psum) age <= 1;
            else if (age != ACCUMULATE_LATENCY[AGE_BITS-1:0]) age <= age + 1'b1;

            if (issue) psum <= last_psum ? {PSUM_ADDRESS_BITS{1'b0}} : psum + 1'b1;

            if (issue_mac) begin
                filter_address <= filter_address + 1'b1;
                if (last_psum) begin
                    word <= last_word ? {IFMAP_ADDRESS_BITS{1'b0}} : word + 1'b1;
                    word_offset <= word_offset + 1'b1;
                    if (last_word) begin
                        run <= run + 1'b1;
                        run_offset <= run_offset + run_stride;
                        word_offset <= run_offset + run_stride;
                    end
                end
            end
            if (release_window) begin
                accumulating <= 1'b1;
                run <= 0;
                run_offset <= 0;
                word_offset <= 0;
                filter_address <= 0;
                left <= last_window ? image_words
                      : left - {{(23 - IFMAP_ADDRESS_BITS) {1'b0}}, window_stride};
            end
            if (issue_accumulation && last_psum) begin
                accumulating <= 1'b0;
                window <= last_window ? 16'd0 : window + 1'b1;
                if (last_window) begin
                    image <= image + 1'b1;
                    if (last_image) done <= 1'b1;
                end
            end
        end
    end

endmodule
