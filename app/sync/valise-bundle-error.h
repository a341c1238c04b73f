/* valise-bundle-error.h - why a bundle is refused, apart from what a bundle is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Views turn these codes into sentences, and do not see the store.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VALISE_BUNDLE_ERROR (valise_bundle_error_quark ())

/**
 * ValiseBundleError:
 * @VALISE_BUNDLE_ERROR_FOREIGN: no bundle at all
 * @VALISE_BUNDLE_ERROR_VERSION: written by a later Valise
 * @VALISE_BUNDLE_ERROR_CUT: it ends too early, or something follows its end
 * @VALISE_BUNDLE_ERROR_DAMAGED: a part does not match its mark, or is not of the form
 * @VALISE_BUNDLE_ERROR_TOO_LARGE: something in it is longer, or more, than is read
 * @VALISE_BUNDLE_ERROR_LOCKED: encrypted, and no passphrase, or no team key, was given
 * @VALISE_BUNDLE_ERROR_PASSPHRASE: not the passphrase, or not the key, that it was made with
 * @VALISE_BUNDLE_ERROR_PROGRAMME: made for another programme
 * @VALISE_BUNDLE_ERROR_WALL: a database that must not go where it was to go
 * @VALISE_BUNDLE_ERROR_SECRET: such a database goes only encrypted
 * @VALISE_BUNDLE_ERROR_EMPTY: there is nothing to write
 * @VALISE_BUNDLE_ERROR_TEAM: encrypted with a team's key that is not here
 */
typedef enum
{
  VALISE_BUNDLE_ERROR_FOREIGN,
  VALISE_BUNDLE_ERROR_VERSION,
  VALISE_BUNDLE_ERROR_CUT,
  VALISE_BUNDLE_ERROR_DAMAGED,
  VALISE_BUNDLE_ERROR_TOO_LARGE,
  VALISE_BUNDLE_ERROR_LOCKED,
  VALISE_BUNDLE_ERROR_PASSPHRASE,
  VALISE_BUNDLE_ERROR_PROGRAMME,
  VALISE_BUNDLE_ERROR_WALL,
  VALISE_BUNDLE_ERROR_SECRET,
  VALISE_BUNDLE_ERROR_EMPTY,
  VALISE_BUNDLE_ERROR_TEAM,
} ValiseBundleError;

GQuark valise_bundle_error_quark (void);

G_END_DECLS
