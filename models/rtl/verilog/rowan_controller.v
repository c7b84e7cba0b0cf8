// SPDX-License-Identifier: Apache-2.0
//
// The controller with its host port (docs/rtl.md, section 2): sorts the host's writes by region, holds the
// registers of the pass, starts it and counts its cycles, and answers reads.

module rowan_controller #(
    parameter PSUM_BITS = 16,
    parameter BANK_BITS = 5,
    parameter ROW_BITS = 9
) (
    input  wire        clock,
    input  wire        reset,
    input  wire        host_write,
    input  wire [31:0] host_address,
    input  wire [63:0] host_write_data,
    output wire [63:0] host_read_data,

    // Writes for the others.
    output wire [27:0] index,  // of host_address
    output wire        write_ifmap,
    output wire        write_filter,
    output wire        write_psum,
    output wire [ 3:0] write_register,  // of network n
    output wire [ 3:0] write_step,
    output wire [ 3:0] write_base,
    output wire        write_pe,

    // Registers of the pass.
    output reg [          4:0] product_shift,
    output reg                 reads_psums,
    output reg [BANK_BITS-1:0] first_psum_bank,
    output reg [  BANK_BITS:0] psum_banks,
    output reg [         31:0] first_row,
    output reg [BANK_BITS-1:0] first_bank,
    output reg [ ROW_BITS-1:0] first_bank_row,

    // The pass.
    output wire        restart,
    output reg         running,
    output reg  [31:0] cycle,
    input  wire        last_write,  // reaches the global buffer

    // What the host reads.
    output wire                 read_psum,
    input  wire [PSUM_BITS-1:0] host_psum,  // a cycle after its address
    input  wire [         31:0] pe_counter,
    input  wire [         31:0] filter_packets,
    input  wire [         31:0] filter_blocked,
    input  wire [         31:0] ifmap_packets,
    input  wire [         31:0] ifmap_blocked,
    input  wire [         31:0] psum_packets,
    input  wire [         31:0] psum_blocked,
    input  wire [         31:0] gon_packets
);

    // ---- Regions of the host port

    wire [3:0] region = host_address[31:28];
    assign index = host_address[27:0];
    assign write_ifmap = host_write && region == 4'd1;
    assign write_filter = host_write && region == 4'd2;
    assign write_psum = host_write && region == 4'd3;
    assign read_psum = !running && region == 4'd3;
    assign write_pe = host_write && region == 4'd12;
    wire unused = &{1'b0, host_write_data};

    wire write_control = host_write && region == 4'd0;
    wire write_network = write_control && index[27:6] == 0 && !index[2]
                      && (index[5:4] == 2'd1 || index[5:4] == 2'd2);
    wire start = write_control && index == 0;

    genvar n;
    generate
        for (n = 0; n < 4; n = n + 1) begin : network
            assign write_register[n] = write_network && {index[5], index[3]} == n;
            assign write_step[n] = host_write && region == 4 + n;
            assign write_base[n] = host_write && region == 8 + n;
        end
    endgenerate

    always @(posedge clock) begin
        if (write_control) begin
            case (index)
                28'd2: product_shift <= host_write_data[4:0];
                28'd3: reads_psums <= host_write_data[0];
                28'd4: first_psum_bank <= host_write_data[BANK_BITS-1:0];
                28'd5: psum_banks <= host_write_data[BANK_BITS:0];
                28'd6: first_row <= host_write_data[31:0];
                28'd7: first_bank <= host_write_data[BANK_BITS-1:0];
                28'd8: first_bank_row <= host_write_data[ROW_BITS-1:0];
                default: ;
            endcase
        end
    end

    // ---- The pass is released in the cycle after the start, and drained in that of the last write

    assign restart = reset || start;
    reg drained;

    always @(posedge clock) begin
        if (restart) begin
            running <= start && !reset;
            drained <= 1'b0;
            cycle <= 0;
        end else if (running) begin
            cycle <= cycle + 1;
            if (last_write) begin
                running <= 1'b0;
                drained <= 1'b1;
            end
        end
    end

    // ---- What the host reads

    reg [31:0] word;
    reg word_is_psum;

    always @(posedge clock) begin
        word_is_psum <= region == 4'd3;
        word <= 0;
        if (region == 4'd12) begin
            word <= pe_counter;
        end else if (region == 4'd0) begin
            case (index)
                28'd0: word <= {31'b0, drained};
                28'd1: word <= cycle;
                28'd20: word <= filter_packets;
                28'd21: word <= filter_blocked;
                28'd28: word <= ifmap_packets;
                28'd29: word <= ifmap_blocked;
                28'd36: word <= psum_packets;
                28'd37: word <= psum_blocked;
                28'd44: word <= gon_packets;  // it never waits for room: 45 is 0
                default: ;
            endcase
        end
    end

    assign host_read_data = word_is_psum ? {{(64 - PSUM_BITS) {1'b0}}, host_psum} : {32'b0, word};

endmodule
