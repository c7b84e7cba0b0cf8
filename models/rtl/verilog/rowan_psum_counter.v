// SPDX-License-Identifier: Apache-2.0
//
// The psum rows of a pass one after the other, and where they are: in the next bank each (word
// interleaving), or bank after bank (block).

module rowan_psum_counter #(
    parameter BANK_ROWS = 512,
    parameter BLOCK = 0,
    parameter BANK_BITS = 5
) (
    input wire clock,
    input wire restart,
    input wire advance,

    input wire [                                     31:0] first_row,
    input wire [                            BANK_BITS-1:0] first_bank,
    input wire [(BANK_ROWS > 1 ? $clog2(BANK_ROWS) : 1) - 1 : 0] first_bank_row,
    input wire [                              BANK_BITS:0] banks,  // of the tile

    output reg [                                     31:0] row,   // of the tile
    output reg [                            BANK_BITS-1:0] bank,  // of the tile
    output reg [(BANK_ROWS > 1 ? $clog2(BANK_ROWS) : 1) - 1 : 0] bank_row
);

    localparam ROW_BITS = BANK_ROWS > 1 ? $clog2(BANK_ROWS) : 1;
    localparam LAST_ROW = BANK_ROWS - 1;

    wire last_bank = {1'b0, bank} + 1'b1 >= banks;
    wire last_row = bank_row == LAST_ROW[ROW_BITS-1:0];

    always @(posedge clock) begin
        if (restart) begin
            row <= first_row;
            bank <= first_bank;
            bank_row <= first_bank_row;
        end else if (advance) begin
            row <= row + 1;
            if (BLOCK != 0) begin
                bank_row <= last_row ? {ROW_BITS{1'b0}} : bank_row + 1'b1;
                if (last_row) bank <= bank + 1'b1;
            end else begin
                bank <= last_bank ? {BANK_BITS{1'b0}} : bank + 1'b1;
                if (last_bank) bank_row <= bank_row + 1'b1;
            end
        end
    end

endmodule
