// SPDX-License-Identifier: Apache-2.0
//
// A bank of the global buffer: ROWS rows, a read port and a write port with an enable for every lane.
// With REGISTERED the row is at the output in the cycle after its address.

module rowan_bank #(
    parameter ROWS = 512,
    parameter WIDTH = 64,
    parameter LANE = 16,  // divides WIDTH
    parameter REGISTERED = 1
) (
    input  wire                                        clock,
    input  wire                                        read,
    input  wire [(ROWS > 1 ? $clog2(ROWS) : 1) - 1 : 0] read_row,
    output wire [                           WIDTH-1:0] read_data,
    input  wire                                        write,
    input  wire [(ROWS > 1 ? $clog2(ROWS) : 1) - 1 : 0] write_row,
    input  wire [                     WIDTH/LANE-1:0] write_enable,
    input  wire [                           WIDTH-1:0] write_data
);

    reg [WIDTH-1:0] memory[0:ROWS-1];

    genvar i;
    generate
        for (i = 0; i < WIDTH / LANE; i = i + 1) begin : lane
            always @(posedge clock) begin
                if (write && write_enable[i]) memory[write_row][i*LANE+:LANE] <= write_data[i*LANE+:LANE];
            end
        end

        if (REGISTERED != 0) begin : registered
            reg [WIDTH-1:0] row;
            always @(posedge clock) begin
                if (read) row <= memory[read_row];
            end
            assign read_data = row;
        end else begin : combinational
            wire unused = &{1'b0, read};
            assign read_data = memory[read_row];
        end
    endgenerate

endmodule
