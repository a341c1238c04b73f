/* valise-bundle-peer.h - a bundle as a peer: what it holds of one database, or is to hold
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The third implementation of valise-peer.h. One that is read gives its documents in the
 * file's order and takes nothing; one that is written takes documents and has none. Neither
 * keeps `_local` documents: how far a reading came is the reader's own store's to remember,
 * under the bundle's id, so an import that was cut goes on, and one that was done is not done
 * again.
 */

#pragma once

#include "valise-bundle-choice.h"
#include "valise-bundle-reader.h"
#include "valise-bundle-writer.h"
#include "valise-peer.h"

G_BEGIN_DECLS

#define VALISE_TYPE_BUNDLE_PEER (valise_bundle_peer_get_type ())

G_DECLARE_FINAL_TYPE (ValiseBundlePeer, valise_bundle_peer, VALISE, BUNDLE_PEER, GObject)

/* @section: of the header of @reader, which is kept by reference. */
ValisePeer *valise_bundle_peer_new_reading (ValiseBundleReader *reader,
                                            guint               section) G_GNUC_WARN_UNUSED_RESULT;

/* @writer and @choice (nullable: all goes) are borrowed. */
ValisePeer *valise_bundle_peer_new_writing (ValiseBundleWriter *writer,
                                            guint               section,
                                            const char         *database,
                                            ValiseBundleChoice *choice) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
