/* valise-bundle-request.h - what a laptop has, so that a bundle made for it holds the rest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small file for where the two do not meet: a line of JSON, then 8 bytes for each revision and
 * for each file that is here, the beginning of a SHA-256. It says nothing of what they are. Whoever
 * makes it up is given too little, or too much, and nothing that is not theirs.
 *
 *     "valise-request-1\n"
 *     {"programme", "participant", "person", "device", "made": µs since 1970,
 *      "databases": [{"name", "revisions": N}, …], "originals": N}\n
 *     for each database, in that order, its revisions: of "ID\nREV"; then the files: of their
 *     digest as 64 hex digits; each of these lists in rising order
 *
 * Blocks; any thread.
 */

#pragma once

#include "valise-bundle.h"

G_BEGIN_DECLS

#define VALISE_BUNDLE_REQUEST_SUFFIX ".valise-request"
#define VALISE_BUNDLE_REQUEST_MAX    (64 << 20) /* bytes */

/**
 * valise_bundle_request_write:
 *
 * Writes what @holder has into @path, durably. Fails with %G_FILE_ERROR or any #ValiseDbError.
 */
gboolean valise_bundle_request_write (const ValiseBundleHolder *holder,
                                      const char               *path,
                                      GError                  **error);

/* The same of an account. */
gboolean valise_account_write_request (ValiseAccount *account, const char *path, GError **error);

/* Reads @path, which is untrusted. Fails with %G_FILE_ERROR, FOREIGN, DAMAGED, TOO_LARGE. */
ValiseBundleRequest *valise_bundle_request_read (const char *path,
                                                 GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void                 valise_bundle_request_free (ValiseBundleRequest *self);

const char *valise_bundle_request_get_programme (const ValiseBundleRequest *self);
const char *valise_bundle_request_get_participant (const ValiseBundleRequest *self); /* or NULL */
const char *valise_bundle_request_get_person (const ValiseBundleRequest *self);      /* or NULL */

/* Whether it is of a laptop in @programme: another's would leave nothing out, and the bundle would
 * be refused there. Fails with PROGRAMME. */
gboolean valise_bundle_request_check (const ValiseBundleRequest *self,
                                      const char                *programme,
                                      GError                   **error);

gboolean valise_bundle_request_has (const ValiseBundleRequest *self,
                                    const char                *database,
                                    const char                *id,
                                    const char                *rev);
gboolean valise_bundle_request_has_original (const ValiseBundleRequest *self, const char *sha256);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBundleRequest, valise_bundle_request_free)

G_END_DECLS
