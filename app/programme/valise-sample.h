/* valise-sample.h - the sample programme, without a server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A secretariat of one's own in a folder issues and seals the sample; its record is then
 * copied as a sync would have brought it, revisions and seals as they are. Blocks.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ValiseHome ValiseHome; /* views need not know the store */

/**
 * valise_sample_issue:
 * @directory: the secretariat's folder; made where it is missing
 * @programme: (out): the programme's id
 * @root: (out): its root key, public
 *
 * Makes the secretariat and issues the sample programme; twice changes nothing. Fails with
 * #ValiseRegistryError, #ValiseHomeError or any %G_FILE_ERROR.
 */
gboolean valise_sample_issue (const char *directory, char **programme, char **root, GError **error);

/* Copies what the secretariat in @directory issued to everybody into @home. */
gboolean valise_sample_copy (const char *directory, ValiseHome *home, GError **error);

G_END_DECLS
