/* valise-range.h - which bytes of a file are wanted (RFC 9110, 14)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VALISE_RANGE_WHOLE, /* none asked for, several, or not ours to understand: 200 */
  VALISE_RANGE_PART,  /* 206 */
  VALISE_RANGE_NONE,  /* beyond the end: 416 */
} ValiseRange;

/* @header: (nullable): the Range header; @length: of the file. @offset, @count: (out): the
 * bytes to send. */
ValiseRange valise_range_parse (const char *header, gint64 length, gint64 *offset, gint64 *count);

G_END_DECLS
