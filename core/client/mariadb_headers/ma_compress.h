/* SPDX-License-Identifier: Apache-2.0 */
/* Debian's mysql/client_plugin.h includes this header, which libmariadb-dev (10.11) does not ship.
   Only the type's name is needed. */
#ifndef AURODBC_MA_COMPRESS_H
#define AURODBC_MA_COMPRESS_H
typedef struct ma_compress_ctx ma_compress_ctx;
#endif
