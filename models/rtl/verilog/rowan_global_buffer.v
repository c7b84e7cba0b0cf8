// SPDX-License-Identifier: Apache-2.0
//
// The global buffer: banks that hold the ifmap tile, from bank 0 on, or the psum tile, from
// `first_psum_bank` on, and the filter ring. Reads take READ_LATENCY cycles.
//
// Every bank has a read and a write port; with one port for both, rowan_machine keeps the psum GIN
// and the GON from issuing to one bank in one cycle.

module rowan_global_buffer #(
    parameter ACTIVATION_BITS = 16,
    parameter WEIGHT_BITS = 16,
    parameter PSUM_BITS = 16,
    parameter FILTER_WORDS = 4,  // of a packet
    parameter PSUM_WORDS = 4,
    parameter READ_LATENCY = 1,
    parameter BANKS = 25,
    parameter FILTER_BANKS = 2,
    parameter BANK_ROWS = 512,
    parameter ROW_WIDTH_BITS = 64,
    parameter BANK_BITS = 5,
    parameter ROW_BITS = 9,
    parameter ADDRESS_BITS = 16  // of ifmap words
) (
    input wire                 clock,
    input wire                 restart,
    input wire [BANK_BITS-1:0] first_psum_bank,

    // The host, while no pass runs. The word of `host_read` is there in the next cycle.
    input  wire                 host_write_ifmap,
    input  wire                 host_write_filter,
    input  wire                 host_write_psum,
    input  wire                 host_read,
    input  wire [         27:0] host_index,
    input  wire [         31:0] host_data,
    output wire [PSUM_BITS-1:0] host_psum,

    input  wire                                filter_read,
    input  wire [$clog2(FILTER_WORDS+1)-1 : 0] filter_words,
    output wire [FILTER_WORDS*WEIGHT_BITS-1:0] filter_data,

    input  wire                       ifmap_read,
    input  wire [   ADDRESS_BITS-1:0] ifmap_address,
    output wire [ACTIVATION_BITS-1:0] ifmap_data,

    // Psum banks are counted from first_psum_bank.
    input  wire                            psum_read,
    input  wire [           BANK_BITS-1:0] psum_read_bank,
    input  wire [            ROW_BITS-1:0] psum_read_row,
    output wire [PSUM_WORDS*PSUM_BITS-1:0] psum_data,

    input wire                              psum_write,
    input wire [             BANK_BITS-1:0] psum_write_bank,
    input wire [              ROW_BITS-1:0] psum_write_row,
    input wire [$clog2(PSUM_WORDS+1)-1 : 0] psum_write_words,
    input wire [  PSUM_WORDS*PSUM_BITS-1:0] psum_write_data
);

    localparam REGISTERED = READ_LATENCY != 0 ? 1 : 0;
    localparam MORE_LATENCY = READ_LATENCY > 1 ? READ_LATENCY - 1 : 0;

    wire unused_data = &{1'b0, host_data};

    // ---- Filters

    rowan_filter_ring #(
        .WORD_BITS(WEIGHT_BITS),
        .WORDS(FILTER_BANKS * BANK_ROWS * (ROW_WIDTH_BITS / WEIGHT_BITS)),
        .LANES(FILTER_WORDS),
        .READ_LATENCY(READ_LATENCY)
    ) filter_ring (
        .clock(clock),
        .restart(restart),
        .host_write(host_write_filter),
        .host_index(host_index),
        .host_data(host_data[WEIGHT_BITS-1:0]),
        .read(filter_read),
        .read_words(filter_words),
        .read_data(filter_data)
    );

    // ---- Where words are. Divisors are constant, in most platforms powers of two.

    // Lanes that ifmap words as well as psums are made of; bits of a row beyond the last are not used.
    localparam LANE = PSUM_BITS % ACTIVATION_BITS == 0 ? ACTIVATION_BITS
                    : PSUM_BITS % 8 == 0 && ACTIVATION_BITS % 8 == 0 ? 8
                    : PSUM_BITS % 4 == 0 && ACTIVATION_BITS % 4 == 0 ? 4
                    : PSUM_BITS % 2 == 0 && ACTIVATION_BITS % 2 == 0 ? 2
                    : 1;
    localparam LANES = ROW_WIDTH_BITS / LANE;
    localparam USED_BITS = LANES * LANE;

    localparam IFMAP_LANES = ROW_WIDTH_BITS / ACTIVATION_BITS;
    localparam IFMAP_LANE_BITS = IFMAP_LANES > 1 ? $clog2(IFMAP_LANES) : 1;
    localparam PSUM_LANE_BITS = PSUM_WORDS > 1 ? $clog2(PSUM_WORDS) : 1;

    localparam PSUM_TILE_BITS = $clog2(BANKS * BANK_ROWS * PSUM_WORDS);

    wire [ADDRESS_BITS:0] ifmap_word = {
        1'b0, host_write_ifmap ? host_index[ADDRESS_BITS-1:0] : ifmap_address
    };
    wire [ADDRESS_BITS:0] ifmap_lane = ifmap_word % IFMAP_LANES[ADDRESS_BITS:0];
    wire [ADDRESS_BITS:0] ifmap_tile_row = ifmap_word / IFMAP_LANES[ADDRESS_BITS:0];
    wire [ADDRESS_BITS:0] ifmap_bank = ifmap_tile_row / BANK_ROWS[ADDRESS_BITS:0];
    wire [ADDRESS_BITS:0] ifmap_row = ifmap_tile_row % BANK_ROWS[ADDRESS_BITS:0];

    wire [PSUM_TILE_BITS:0] host_psum_word = {1'b0, host_index[PSUM_TILE_BITS-1:0]};
    wire [PSUM_TILE_BITS:0] host_psum_lane = host_psum_word % PSUM_WORDS[PSUM_TILE_BITS:0];
    wire [PSUM_TILE_BITS:0] host_psum_place = host_psum_word / PSUM_WORDS[PSUM_TILE_BITS:0];
    wire [PSUM_TILE_BITS:0] host_psum_bank = host_psum_place / BANK_ROWS[PSUM_TILE_BITS:0];
    wire [PSUM_TILE_BITS:0] host_psum_row = host_psum_place % BANK_ROWS[PSUM_TILE_BITS:0];
    wire unused_places = &{1'b0, host_index, ifmap_lane, ifmap_bank, ifmap_row,
                           host_psum_lane, host_psum_bank, host_psum_row};

    // ---- Ports of the banks

    wire psum_reads = psum_read || host_read;
    wire [BANK_BITS-1:0] read_bank = first_psum_bank
                                   + (host_read ? host_psum_bank[BANK_BITS-1:0] : psum_read_bank);
    wire [ROW_BITS-1:0] read_row = host_read ? host_psum_row[ROW_BITS-1:0] : psum_read_row;

    wire write = psum_write || host_write_psum || host_write_ifmap;
    wire [BANK_BITS-1:0] write_bank = psum_write ? first_psum_bank + psum_write_bank
                                    : host_write_psum ? first_psum_bank + host_psum_bank[BANK_BITS-1:0]
                                    : ifmap_bank[BANK_BITS-1:0];
    wire [ROW_BITS-1:0] write_row = psum_write ? psum_write_row
                                  : host_write_psum ? host_psum_row[ROW_BITS-1:0]
                                  : ifmap_row[ROW_BITS-1:0];
    reg [LANES-1:0] write_enable;
    reg [USED_BITS-1:0] write_data;

    integer i;
    always @* begin
        write_enable = 0;
        write_data = 0;
        if (psum_write || host_write_psum) begin
            for (i = 0; i < PSUM_WORDS; i = i + 1) begin
                write_data[i*PSUM_BITS+:PSUM_BITS] = psum_write
                    ? psum_write_data[i*PSUM_BITS+:PSUM_BITS] : host_data[PSUM_BITS-1:0];
                if (psum_write ? psum_write_words > i[$clog2(PSUM_WORDS+1)-1 : 0]
                               : host_psum_lane[PSUM_LANE_BITS-1:0] == i[PSUM_LANE_BITS-1:0]) begin
                    write_enable[i*(PSUM_BITS/LANE)+:PSUM_BITS/LANE] = {PSUM_BITS / LANE{1'b1}};
                end
            end
        end else begin
            for (i = 0; i < IFMAP_LANES; i = i + 1) begin
                write_data[i*ACTIVATION_BITS+:ACTIVATION_BITS] = host_data[ACTIVATION_BITS-1:0];
                if (ifmap_lane[IFMAP_LANE_BITS-1:0] == i[IFMAP_LANE_BITS-1:0]) begin
                    write_enable[i*(ACTIVATION_BITS/LANE)+:ACTIVATION_BITS/LANE]
                        = {ACTIVATION_BITS / LANE{1'b1}};
                end
            end
        end
    end

    wire [BANKS*USED_BITS-1:0] rows;

    genvar b;
    generate
        for (b = 0; b < BANKS; b = b + 1) begin : side
            localparam [BANK_BITS-1:0] BANK = b;
            wire ifmap_reads = ifmap_read && ifmap_bank[BANK_BITS-1:0] == BANK;
            rowan_bank #(
                .ROWS(BANK_ROWS),
                .WIDTH(USED_BITS),
                .LANE(LANE),
                .REGISTERED(REGISTERED)
            ) bank (
                .clock(clock),
                .read(ifmap_reads || (psum_reads && read_bank == BANK)),
                .read_row(ifmap_reads ? ifmap_row[ROW_BITS-1:0] : read_row),
                .read_data(rows[b*USED_BITS+:USED_BITS]),
                .write(write && write_bank == BANK),
                .write_row(write_row),
                .write_enable(write_enable),
                .write_data(write_data)
            );
        end
    endgenerate

    // ---- What was read, in the cycle of the banks' outputs

    wire [BANK_BITS-1:0] ifmap_bank_read;
    wire [IFMAP_LANE_BITS-1:0] ifmap_lane_read;
    wire [BANK_BITS-1:0] psum_bank_read;

    rowan_delay #(.WIDTH(2 * BANK_BITS + IFMAP_LANE_BITS), .STAGES(REGISTERED)) place (
        .clock(clock),
        .restart(restart),
        .in({ifmap_bank[BANK_BITS-1:0], ifmap_lane[IFMAP_LANE_BITS-1:0], read_bank}),
        .out({ifmap_bank_read, ifmap_lane_read, psum_bank_read})
    );

    reg [USED_BITS-1:0] ifmap_row_read;
    reg [USED_BITS-1:0] psum_row_read;
    reg [ACTIVATION_BITS-1:0] ifmap_word_read;
    wire unused_row = &{1'b0, psum_row_read, ifmap_row_read};

    integer j;
    always @* begin
        ifmap_row_read = 0;
        psum_row_read = 0;
        for (j = 0; j < BANKS; j = j + 1) begin
            if (ifmap_bank_read == j[BANK_BITS-1:0]) begin
                ifmap_row_read = rows[j*USED_BITS+:USED_BITS];
            end
            if (psum_bank_read == j[BANK_BITS-1:0]) begin
                psum_row_read = rows[j*USED_BITS+:USED_BITS];
            end
        end
        ifmap_word_read = 0;
        for (j = 0; j < IFMAP_LANES; j = j + 1) begin
            if (ifmap_lane_read == j[IFMAP_LANE_BITS-1:0]) begin
                ifmap_word_read = ifmap_row_read[j*ACTIVATION_BITS+:ACTIVATION_BITS];
            end
        end
    end

    rowan_delay #(
        .WIDTH(ACTIVATION_BITS + PSUM_WORDS * PSUM_BITS),
        .STAGES(MORE_LATENCY)
    ) latency (
        .clock(clock),
        .restart(restart),
        .in({ifmap_word_read, psum_row_read[PSUM_WORDS*PSUM_BITS-1:0]}),
        .out({ifmap_data, psum_data})
    );

    // ---- The host's word, a cycle after its address

    wire [PSUM_LANE_BITS-1:0] host_lane;
    wire [PSUM_WORDS*PSUM_BITS-1:0] host_row;
    reg [PSUM_BITS-1:0] host_word;

    rowan_delay #(.WIDTH(PSUM_LANE_BITS), .STAGES(1)) host_place (
        .clock(clock),
        .restart(restart),
        .in(host_psum_lane[PSUM_LANE_BITS-1:0]),
        .out(host_lane)
    );
    rowan_delay #(.WIDTH(PSUM_WORDS * PSUM_BITS), .STAGES(1 - REGISTERED)) host_latency (
        .clock(clock),
        .restart(restart),
        .in(psum_row_read[PSUM_WORDS*PSUM_BITS-1:0]),
        .out(host_row)
    );

    integer k;
    always @* begin
        host_word = 0;
        for (k = 0; k < PSUM_WORDS; k = k + 1) begin
            if (host_lane == k[PSUM_LANE_BITS-1:0]) host_word = host_row[k*PSUM_BITS+:PSUM_BITS];
        end
    end
    assign host_psum = host_word;

endmodule
