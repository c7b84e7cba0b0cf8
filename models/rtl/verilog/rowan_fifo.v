// SPDX-License-Identifier: Apache-2.0
//
// A registered FIFO: up to MAX_IN words written and MAX_OUT words popped in a cycle.
//
// A slot is taken when its word is issued (`reserve`), however long the word is on its way
// (`write`); a slot popped in a cycle is free from the next one on. Nobody reserves more than is
// free, writes more than is reserved, or pops more than is stored. MAX_IN, MAX_OUT <= DEPTH.

module rowan_fifo #(
    parameter WIDTH = 16,
    parameter DEPTH = 4,
    parameter MAX_IN = 1,
    parameter MAX_OUT = 1
) (
    input  wire                                      clock,
    input  wire                                      restart,  // empties it
    input  wire [            $clog2(MAX_IN+1)-1 : 0] reserve,
    input  wire [            $clog2(MAX_IN+1)-1 : 0] write,
    input  wire [                  MAX_IN*WIDTH-1:0] write_data,  // the first word lowest
    input  wire [           $clog2(MAX_OUT+1)-1 : 0] pop,
    output wire [                 MAX_OUT*WIDTH-1:0] read_data,   // the first word lowest
    output reg  [(DEPTH > 1 ? $clog2(DEPTH) : 1) : 0] free,
    output reg  [(DEPTH > 1 ? $clog2(DEPTH) : 1) : 0] stored
);

    localparam ADDRESS_BITS = DEPTH > 1 ? $clog2(DEPTH) : 1;
    localparam IN_BITS = $clog2(MAX_IN + 1);
    localparam OUT_BITS = $clog2(MAX_OUT + 1);

    reg [WIDTH-1:0] memory[0:DEPTH-1];
    reg [ADDRESS_BITS-1:0] head;
    reg [ADDRESS_BITS-1:0] tail;

    wire [ADDRESS_BITS:0] reserved = {{(ADDRESS_BITS + 1 - IN_BITS) {1'b0}}, reserve};
    wire [ADDRESS_BITS:0] written = {{(ADDRESS_BITS + 1 - IN_BITS) {1'b0}}, write};
    wire [ADDRESS_BITS:0] popped = {{(ADDRESS_BITS + 1 - OUT_BITS) {1'b0}}, pop};

    wire [ADDRESS_BITS-1:0] next_head;
    wire [ADDRESS_BITS-1:0] next_tail;
    rowan_ring_step #(.SLOTS(DEPTH)) head_step (.slot(head), .steps(popped), .next(next_head));
    rowan_ring_step #(.SLOTS(DEPTH)) tail_step (.slot(tail), .steps(written), .next(next_tail));

    always @(posedge clock) begin
        if (restart) begin
            head   <= 0;
            tail   <= 0;
            free   <= DEPTH[ADDRESS_BITS:0];
            stored <= 0;
        end else begin
            head   <= next_head;
            tail   <= next_tail;
            free   <= free + popped - reserved;
            stored <= stored + written - popped;
        end
    end

    genvar i;
    generate
        for (i = 0; i < MAX_IN; i = i + 1) begin : port_in
            localparam [ADDRESS_BITS:0] INDEX = i;
            wire [ADDRESS_BITS-1:0] slot;
            rowan_ring_step #(.SLOTS(DEPTH)) step (.slot(tail), .steps(INDEX), .next(slot));
            always @(posedge clock) begin
                if (written > INDEX) memory[slot] <= write_data[i*WIDTH+:WIDTH];
            end
        end
        for (i = 0; i < MAX_OUT; i = i + 1) begin : port_out
            localparam [ADDRESS_BITS:0] INDEX = i;
            wire [ADDRESS_BITS-1:0] slot;
            rowan_ring_step #(.SLOTS(DEPTH)) step (.slot(head), .steps(INDEX), .next(slot));
            assign read_data[i*WIDTH+:WIDTH] = memory[slot];
        end
    endgenerate

endmodule
