// SPDX-License-Identifier: Apache-2.0
//
// A network's packets in order: a table of packets (the step), repeated for every entry of a table
// of bases, and that for every image. The packet is there in the cycle after `restart` and after
// `advance`. A chip would compute most of this with counters.

module rowan_packet_sequencer #(
    parameter ROW_ID_BITS = 4,
    parameter COLUMN_ID_BITS = 4,
    parameter WORDS = 4,  // of a full packet
    parameter ADDRESS_BITS = 16,  // 24 at most
    parameter STEPS = 16,  // entries of the tables
    parameter BASES = 16
) (
    input wire clock,
    input wire restart,

    input wire        write_register,
    input wire        write_step,
    input wire        write_base,
    input wire [27:0] host_index,
    input wire [63:0] host_data,

    input  wire                          advance,
    output reg                           valid,
    output wire                          last,  // packet of the pass
    output wire [       ROW_ID_BITS-1:0] row,
    output wire [    COLUMN_ID_BITS-1:0] column,
    output wire [$clog2(WORDS+1)-1 : 0]  words,
    output wire [      ADDRESS_BITS-1:0] address
);

    localparam STEP_BITS = STEPS > 1 ? $clog2(STEPS) : 1;
    localparam BASE_BITS = BASES > 1 ? $clog2(BASES) : 1;
    localparam WORDS_BITS = $clog2(WORDS + 1);
    localparam ENTRY_BITS = ADDRESS_BITS + WORDS_BITS + COLUMN_ID_BITS + ROW_ID_BITS;

    // Of the pass.
    reg [STEP_BITS:0] steps;
    reg [BASE_BITS:0] bases;
    reg [15:0] repeats;
    reg [ADDRESS_BITS-1:0] increment;  // of addresses, with a repeat

    reg [ENTRY_BITS-1:0] step_table[0:STEPS-1];
    reg [ADDRESS_BITS-1:0] base_table[0:BASES-1];

    always @(posedge clock) begin
        if (write_register) begin
            case (host_index[1:0])
                2'd0: steps <= host_data[STEP_BITS:0];
                2'd1: bases <= host_data[BASE_BITS:0];
                2'd2: repeats <= host_data[15:0];
                2'd3: increment <= host_data[ADDRESS_BITS-1:0];
            endcase
        end
        if (write_step) begin
            step_table[host_index[STEP_BITS-1:0]] <= {
                host_data[40+:ADDRESS_BITS],
                host_data[32+:WORDS_BITS],
                host_data[16+:COLUMN_ID_BITS],
                host_data[0+:ROW_ID_BITS]
            };
        end
        if (write_base) begin
            base_table[host_index[BASE_BITS-1:0]] <= host_data[ADDRESS_BITS-1:0];
        end
    end
    wire unused = &{1'b0, host_index, host_data};

    reg [STEP_BITS-1:0] step;
    reg [BASE_BITS-1:0] base;
    reg [15:0] repeated;
    reg [ADDRESS_BITS-1:0] offset;
    reg [ENTRY_BITS-1:0] entry;  // entries at `step` and `base`
    reg [ADDRESS_BITS-1:0] base_address;

    wire last_step = {1'b0, step} + 1'b1 == steps;
    wire last_base = {1'b0, base} + 1'b1 == bases;
    wire last_repeat = repeated + 16'd1 == repeats;
    assign last = last_step && last_base && last_repeat;

    wire next_base_follows = advance && last_step;
    wire [STEP_BITS-1:0] next_step = restart || next_base_follows ? {STEP_BITS{1'b0}}
                                   : advance ? step + 1'b1
                                   : step;
    wire [BASE_BITS-1:0] next_base = restart || (next_base_follows && last_base) ? {BASE_BITS{1'b0}}
                                   : next_base_follows ? base + 1'b1
                                   : base;

    always @(posedge clock) begin
        step <= next_step;
        base <= next_base;
        entry <= step_table[next_step];
        base_address <= base_table[next_base];
        if (restart) begin
            repeated <= 0;
            offset <= 0;
            valid <= steps != 0 && bases != 0 && repeats != 0;
        end else if (advance) begin
            if (last_step && last_base) begin
                repeated <= repeated + 1'b1;
                offset <= offset + increment;
            end
            if (last) valid <= 1'b0;
        end
    end

    assign row = entry[0+:ROW_ID_BITS];
    assign column = entry[ROW_ID_BITS+:COLUMN_ID_BITS];
    assign words = entry[ROW_ID_BITS+COLUMN_ID_BITS+:WORDS_BITS];
    assign address = entry[ENTRY_BITS-1-:ADDRESS_BITS] + base_address + offset;

endmodule
