/* valise-akn-reader.h - Akoma Ntoso, as the United Nations writes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Akoma Ntoso 3.0 and earlier, whatever the namespace: by the names of its elements. Unknown
 * elements are looked through, so no words are lost to one.
 */

#pragma once

#include "valise-reader.h"

G_BEGIN_DECLS

/* @file is UTF-8. Fails with any #ValiseReaderError; FORMAT where the XML is of another kind. */
ValiseReading *valise_akn_reader_read (GBytes *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
