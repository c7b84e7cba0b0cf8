// SPDX-License-Identifier: Apache-2.0
//
// The words of the filter banks: LANES memories side by side, word k in memory k mod LANES, so that
// a packet of consecutive words can be read wherever it begins. Words leave in order, from word 0 on.

module rowan_filter_ring #(
    parameter WORD_BITS = 16,
    parameter WORDS = 4096,
    parameter LANES = 4,
    parameter READ_LATENCY = 1
) (
    input wire clock,
    input wire restart,

    input wire                 host_write,
    input wire [         27:0] host_index,
    input wire [WORD_BITS-1:0] host_data,

    input  wire                         read,
    input  wire [$clog2(LANES+1)-1 : 0] read_words,
    output wire [  LANES*WORD_BITS-1:0] read_data  // READ_LATENCY later
);

    localparam ROWS = (WORDS + LANES - 1) / LANES;
    localparam ROW_BITS = ROWS > 1 ? $clog2(ROWS) : 1;
    localparam COUNT_BITS = $clog2(LANES + 1);

    // The first word to leave.
    reg [ROW_BITS-1:0] row;
    reg [COUNT_BITS-1:0] lane;

    wire [COUNT_BITS:0] next_lane = {1'b0, lane} + {1'b0, read_words};
    wire next_row = next_lane >= LANES[COUNT_BITS:0];
    wire [COUNT_BITS:0] wrapped_lane = next_lane - (next_row ? LANES[COUNT_BITS:0] : {COUNT_BITS + 1{1'b0}});

    always @(posedge clock) begin
        if (restart) begin
            row  <= 0;
            lane <= 0;
        end else if (read) begin
            lane <= wrapped_lane[COUNT_BITS-1:0];
            if (next_row) row <= row + 1'b1;
        end
    end

    localparam INDEX_BITS = $clog2(ROWS * LANES + 1);
    wire [INDEX_BITS-1:0] host_row = host_index[INDEX_BITS-1:0] / LANES[INDEX_BITS-1:0];
    wire [INDEX_BITS-1:0] host_lane = host_index[INDEX_BITS-1:0] % LANES[INDEX_BITS-1:0];
    wire unused = &{1'b0, host_index, host_row, wrapped_lane};

    wire [LANES*WORD_BITS-1:0] lanes;  // READ_LATENCY after their rows
    wire [COUNT_BITS-1:0] first;       // and the lane of the first word

    genvar l;
    generate
        for (l = 0; l < LANES; l = l + 1) begin : lane_memory
            localparam [COUNT_BITS-1:0] LANE = l;
            wire [WORD_BITS-1:0] word;
            rowan_bank #(
                .ROWS(ROWS),
                .WIDTH(WORD_BITS),
                .LANE(WORD_BITS),
                .REGISTERED(READ_LATENCY != 0 ? 1 : 0)
            ) bank (
                .clock(clock),
                .read(read),
                .read_row(LANE < lane ? row + 1'b1 : row),
                .read_data(word),
                .write(host_write && host_lane == l),
                .write_row(host_row[ROW_BITS-1:0]),
                .write_enable(1'b1),
                .write_data(host_data)
            );
            assign lanes[l*WORD_BITS+:WORD_BITS] = word;
        end
    endgenerate

    rowan_delay #(.WIDTH(COUNT_BITS), .STAGES(READ_LATENCY != 0 ? 1 : 0)) first_lane (
        .clock(clock),
        .restart(restart),
        .in(lane),
        .out(first)
    );

    // Rotated so that the first word is lowest.
    wire [2*LANES*WORD_BITS-1:0] twice = {lanes, lanes};
    wire [LANES*WORD_BITS-1:0] rotated;
    generate
        for (l = 0; l < LANES; l = l + 1) begin : rotation
            reg [WORD_BITS-1:0] word;
            integer k;
            always @* begin
                word = 0;
                for (k = 0; k < LANES; k = k + 1) begin
                    if (first == k[COUNT_BITS-1:0]) word = twice[(l+k)*WORD_BITS+:WORD_BITS];
                end
            end
            assign rotated[l*WORD_BITS+:WORD_BITS] = word;
        end
    endgenerate

    rowan_delay #(
        .WIDTH(LANES * WORD_BITS),
        .STAGES(READ_LATENCY > 1 ? READ_LATENCY - 1 : 0)
    ) latency (
        .clock(clock),
        .restart(restart),
        .in(rotated),
        .out(read_data)
    );

endmodule
