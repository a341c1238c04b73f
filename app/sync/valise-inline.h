/* valise-inline.h - the files that a document carries itself, between a store and the wire
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CouchDB's attachments. A store keeps the bytes apart and a stub in the document; other
 * peers take them inline, in base64. For the files of this layer.
 */

#pragma once

#include "valise-database.h"
#include "valise-file-store.h"

G_BEGIN_DECLS

/* @document with its files inline. As it is (another reference) where it has none, or @files is
 * NULL. Fails with %VALISE_PEER_ERROR_PROTOCOL, which names the document, where a file is not
 * complete here: "not downloaded" must never become "no attachment". */
ValiseDocument *valise_inline_dup_filled (ValiseFileStore *files,
                                          ValiseDocument  *document,
                                          GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* @document as it is kept: its inline files in @files, and stubs in their place; a stub that came
 * must be one of a leaf that @database has. Fails with any #ValiseAttachmentError. */
ValiseDocument *valise_inline_dup_settled (ValiseFileStore *files,
                                           ValiseDatabase  *database,
                                           ValiseDocument  *document,
                                           GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
