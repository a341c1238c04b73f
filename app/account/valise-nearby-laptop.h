/* valise-nearby-laptop.h - what a laptop on the local network says of itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything in it is a stranger's word. For the files of this layer.
 */

#pragma once

#include "valise-nearby.h"

G_BEGIN_DECLS

#define VALISE_NEARBY_NONCE 8 /* bytes of the nonce and of the tag */

/* Reads what Avahi answers to ResolveService, "(iissssisqaayu)"; NULL where that is not one of
 * ours.
 * @host: (out) (transfer full) (nullable): its address without the port. */
ValiseNearbyLaptop *valise_nearby_laptop_read (GVariant *answer,
                                               char    **host) G_GNUC_WARN_UNUSED_RESULT;
ValiseNearbyLaptop *valise_nearby_laptop_copy (const ValiseNearbyLaptop *laptop);
void                valise_nearby_laptop_free (gpointer laptop); /* (nullable) */

/* The first 64 bits of SHA-256 ("valise-near-1\n", KEY, "\n", NONCE), in hex digits. */
char *valise_nearby_laptop_make_tag (const char *key, const char *nonce);

G_END_DECLS
