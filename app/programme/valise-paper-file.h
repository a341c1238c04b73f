/* valise-paper-file.h - a file that a paper names: the original as it was laid out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Never changes once made, so any thread may read it. Whether its bytes are here, the queue of
 * files knows.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_TYPE_PAPER_FILE (valise_paper_file_get_type ())

G_DECLARE_FINAL_TYPE (ValisePaperFile, valise_paper_file, VALISE, PAPER_FILE, GObject)

const char *valise_paper_file_get_name (ValisePaperFile *self); /* "A_RES_77_37-en.pdf" */
const char *valise_paper_file_get_sha256 (ValisePaperFile *self);
const char *valise_paper_file_get_language (ValisePaperFile *self); /* or NULL: none said */
gint64      valise_paper_file_get_length (ValisePaperFile *self);   /* bytes */
const char *valise_paper_file_get_symbol (ValisePaperFile *self);   /* of the paper */
const char *valise_paper_file_get_meeting (ValisePaperFile *self);  /* its id, or NULL */
const char *valise_paper_file_get_database (ValisePaperFile *self); /* where the paper is */

G_END_DECLS
