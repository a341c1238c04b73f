/* carry-file.c - a file from a folder to a server, and back: as the queue moves them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: carry-file FOLDER URL put FILE: keeps FILE in the database "carried" of FOLDER, sends it
 * to URL/carried, and prints its SHA-256. carry-file FOLDER URL fetch SHA256 LENGTH: brings the
 * documents from there, then the bytes, and prints the `_attachments` of file:SHA256 here.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "valise-file-transfer.h"
#include "valise-home.h"
#include "valise-http-peer.h"
#include "valise-id.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

typedef struct
{
  ValiseDatabase  *database;
  ValiseFileStore *files;
  ValisePeer      *there;
} Carrier;

static gboolean
put (Carrier *self, const char *path, GError **error)
{
  g_autofree char   *data = NULL, *sha256 = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize              length = 0;

  if (!g_file_get_contents (path, &data, &length, error))
    return FALSE;
  bytes = g_bytes_new_take (g_steal_pointer (&data), length);
  sha256 = valise_file_transfer_put (self->files, self->database, bytes, "application/pdf", error);
  if (sha256 == NULL
      || !valise_file_transfer_send (self->there, self->files, self->database, sha256, NULL, NULL,
                                     NULL, error))
    return FALSE;
  printf ("%s\n", sha256);
  return TRUE;
}

static gboolean
fetch (Carrier *self, const char *sha256, const char *length, GError **error)
{
  g_autoptr (ValisePeer)       here = valise_store_peer_new (self->database);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (self->there, here, "carry-file");
  g_autofree char             *id = valise_id_for_file (sha256);
  g_autoptr (ValiseDocument)   document = NULL;
  ValiseFileWish               wish = { .sha256 = (char *) sha256,
                                        .database = (char *) "carried",
                                        .length = g_ascii_strtoll (length, NULL, 10) };

  if (!valise_replicator_run (replicator, FALSE, NULL, error))
    return FALSE;
  document = valise_database_get (self->database, id, NULL, error);
  if (document == NULL
      || !valise_file_transfer_fetch (self->there, self->files, &wish, document->rev, NULL, NULL,
                                      NULL, error))
    return FALSE;
  printf ("%s\n", document->attachments);
  return TRUE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseHome)     home = argc > 4 ? valise_home_open (argv[1], &error) : NULL;
  g_autoptr (ValiseDatabase) database = NULL;
  g_autoptr (ValisePeer)     there = NULL;
  ValiseServerAddress        address = { .url = argv[2], .timeout_s = 10 };
  Carrier                    self = { 0 };
  gboolean                   ok = FALSE;

  if (home != NULL)
    self.database = database = valise_home_get_database (home, "carried", TRUE, &error);
  if (self.database != NULL)
    self.files = valise_home_get_files (home, &error);
  if (self.files != NULL)
    self.there = there = valise_http_peer_new (&address, "carried", &error);
  if (self.there != NULL)
    ok = argc == 5 ? put (&self, argv[4], &error) : fetch (&self, argv[4], argv[5], &error);
  if (!ok)
    g_printerr ("%s\n", error != NULL ? error->message : "usage: carry-file FOLDER URL put FILE");
  if (home != NULL)
    valise_home_close (home);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
