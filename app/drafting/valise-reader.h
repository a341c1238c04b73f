/* valise-reader.h - files that others wrote, read into paragraphs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pure functions of the file's bytes, on any thread; nothing is fetched, run or kept. What a
 * file may cost is limited below; a file beyond a limit is refused whole.
 */

#pragma once

#include <gio/gio.h>

#include "valise-reading.h"

G_BEGIN_DECLS

#define VALISE_READER_ERROR (valise_reader_error_quark ())

/**
 * ValiseReaderError:
 * @VALISE_READER_ERROR_FORMAT: not a format that is read here
 * @VALISE_READER_ERROR_UNSAFE: it declares a document type or entities, or includes others
 * @VALISE_READER_ERROR_LIMIT: larger, deeper, longer or of more paragraphs than is read
 * @VALISE_READER_ERROR_MALFORMED: damaged, cut off, or not what it says it is
 */
typedef enum
{
  VALISE_READER_ERROR_FORMAT,
  VALISE_READER_ERROR_UNSAFE,
  VALISE_READER_ERROR_LIMIT,
  VALISE_READER_ERROR_MALFORMED,
} ValiseReaderError;

GQuark valise_reader_error_quark (void);

#define VALISE_READER_MAX_SIZE       (16 * 1024 * 1024) /* bytes of a file */
#define VALISE_READER_MAX_DEPTH      256                /* elements within each other */
#define VALISE_READER_MAX_ELEMENTS   200000
#define VALISE_READER_MAX_PARAGRAPHS 20000
#define VALISE_READER_MAX_LENGTH     20000 /* characters of a paragraph */

/**
 * valise_reader_read:
 * @file: its bytes
 * @name: the file's name, for messages; its ending decides nothing
 *
 * Reads Akoma Ntoso (as the United Nations writes it) and plain text, both in UTF-8; which of
 * them it is, the bytes say. Fails with any #ValiseReaderError; the message names the file and
 * the reason.
 *
 * Returns: (transfer full): what was found
 */
ValiseReading *valise_reader_read (GBytes     *file,
                                   const char *name,
                                   GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @reading has no more, and no longer, paragraphs than is read. Fails with LIMIT, naming
 * the paragraph. For readers. */
gboolean valise_reader_check (const ValiseReading *reading, GError **error);

G_END_DECLS
