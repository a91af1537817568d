/* The smallest PNG writer: true colour, rows stored without compression.
 *
 * A PNG file is a signature and a row of chunks, each "length, name, data, CRC-32". The
 * pixels lie in one IDAT chunk as a zlib stream, whose blocks may be stored as they are;
 * each picture row gets a block of its own, which one row (below 64 KiB) always fits.
 */
#ifndef PNG_H
#define PNG_H

#include <stdio.h>

struct png {
    FILE *file;
    unsigned long crc;         /* over the present chunk's name and data */
    unsigned long a, b;        /* Adler-32, over the pixels */
};

static void png_bytes(struct png *p, const unsigned char *data, size_t length)
{
    size_t i;
    int bit;

    for (i = 0; i < length; i++) {
        p->crc ^= data[i];
        for (bit = 0; bit < 8; bit++)
            p->crc = p->crc >> 1 ^ (p->crc & 1 ? 0xedb88320UL : 0);
    }
    fwrite(data, 1, length, p->file);
}

static void png_u32(struct png *p, unsigned long value)
{
    unsigned char b[4];
    int i;

    for (i = 0; i < 4; i++)
        b[i] = (unsigned char)(value >> (24 - 8 * i) & 255);
    png_bytes(p, b, 4);
}

static void png_chunk(struct png *p, const char *name, unsigned long length)
{
    png_u32(p, length);
    p->crc = 0xffffffffUL;
    png_bytes(p, (const unsigned char *)name, 4);
}

static void png_chunk_end(struct png *p)
{
    png_u32(p, p->crc ^ 0xffffffffUL);
}

/* Bytes of the uncompressed stream: they go into a block, and count in its checksum. */
static void png_stored(struct png *p, const unsigned char *data, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        p->a = (p->a + data[i]) % 65521;
        p->b = (p->b + p->a) % 65521;
    }
    png_bytes(p, data, length);
}

/* Writes width x height pixels of three bytes each; 0, or -1 with errno set. width is at
 * most 21844, so that a row fits into one stored block. */
static int png_write(const char *path, const unsigned char *rgb, unsigned width, unsigned height)
{
    static const unsigned char header[] = {8, 2, 0, 0, 0}; /* 8 bits, RGB, deflate, filters, not interlaced */
    static const unsigned char zlib[] = {0x78, 0x01}, no_filter = 0;
    unsigned row, length = 3 * width + 1;
    struct png p = {NULL, 0, 1, 0};
    int failed;

    p.file = fopen(path, "wb");
    if (!p.file)
        return -1;
    fwrite("\x89PNG\r\n\x1a\n", 1, 8, p.file);
    png_chunk(&p, "IHDR", 13);
    png_u32(&p, width);
    png_u32(&p, height);
    png_bytes(&p, header, sizeof header);
    png_chunk_end(&p);

    png_chunk(&p, "IDAT", 2 + (unsigned long)height * (5 + length) + 4);
    png_bytes(&p, zlib, sizeof zlib);
    for (row = 0; row < height; row++) {
        unsigned char block[5];

        block[0] = row + 1 == height; /* the last block says so */
        block[1] = length & 255;
        block[2] = (unsigned char)(length >> 8);
        block[3] = (unsigned char)~block[1];
        block[4] = (unsigned char)~block[2];
        png_bytes(&p, block, sizeof block);
        png_stored(&p, &no_filter, 1);
        png_stored(&p, rgb + (size_t)row * 3 * width, 3 * (size_t)width);
    }
    png_u32(&p, p.b << 16 | p.a);
    png_chunk_end(&p);
    png_chunk(&p, "IEND", 0);
    png_chunk_end(&p);
    failed = ferror(p.file);
    return fclose(p.file) || failed ? -1 : 0;
}

#endif
