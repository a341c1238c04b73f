/* valise-identity.h - whether a folder is where it was, or a copy of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * FOLDER/identity says on which machine (a digest of its machine-id) and as which file of
 * which time (inode and birth time of FOLDER/lock) the folder was last used. A folder that was
 * restored, copied, or moved to another disk or laptop does not match. What cannot be seen so
 * is a disk cloned block by block into the same kind of machine with the same machine-id; that
 * shows where the two meet, at the log that both write on the server (SYNC (d) 1).
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VALISE_IDENTITY_SAME,
  VALISE_IDENTITY_NEW,  /* nothing was noted yet */
  VALISE_IDENTITY_COPY, /* it was used elsewhere */
} ValiseIdentity;

/* @lock: descriptor of FOLDER/lock. */
ValiseIdentity valise_identity_check (const char *folder, int lock);

/* Notes that the folder is used here. Fails with any %G_FILE_ERROR. */
gboolean valise_identity_keep (const char *folder, int lock, GError **error);

/* Notes that it has been used nowhere as it is: it was restored. */
gboolean valise_identity_spoil (const char *folder, GError **error);

G_END_DECLS
