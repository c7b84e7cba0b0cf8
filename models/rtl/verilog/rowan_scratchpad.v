// SPDX-License-Identifier: Apache-2.0
//
// A scratchpad: one write port, one read port. With REGISTERED a word is at the output in the cycle
// after its address, and stays there while `read` is low.

module rowan_scratchpad #(
    parameter WIDTH = 16,
    parameter WORDS = 12,
    parameter REGISTERED = 1
) (
    input  wire                                          clock,
    input  wire                                          write,
    input  wire [(WORDS > 1 ? $clog2(WORDS) : 1) - 1 : 0] write_address,
    input  wire [                             WIDTH-1:0] write_data,
    input  wire                                          read,
    input  wire [(WORDS > 1 ? $clog2(WORDS) : 1) - 1 : 0] read_address,
    output wire [                             WIDTH-1:0] read_data
);

    reg [WIDTH-1:0] memory[0:WORDS-1];

    always @(posedge clock) begin
        if (write) memory[write_address] <= write_data;
    end

    generate
        if (REGISTERED != 0) begin : registered
            reg [WIDTH-1:0] word;
            always @(posedge clock) begin
                if (read) word <= memory[read_address];
            end
            assign read_data = word;
        end else begin : combinational
            wire unused = &{1'b0, read};
            assign read_data = memory[read_address];
        end
    endgenerate

endmodule
