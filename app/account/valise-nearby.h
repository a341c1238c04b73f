/* valise-nearby.h - laptops on the local network, as Avahi finds them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * DNS-SD over multicast DNS (RFC 6762, RFC 6763), by the D-Bus interface of the system's Avahi. Who
 * listens there learns that somebody at an address uses Valise, and nothing else: an announcement
 * carries no name of a person, a participant or a laptop, and lasts ten minutes. It is made of a
 * nonce, and of a tag by which those who know the device key recognise it; whoever does not know
 * the key cannot tell two announcements of one laptop from those of two. Only who has paired has
 * the key from here. Everything found is a stranger's word: TLS decides who is there.
 *
 * Main context of the thread that made it; never blocks. Without Avahi nothing is found, and
 * valise_nearby_is_available() says so.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_NEARBY_SERVICE    "_valise._tcp"
#define VALISE_NEARBY_ANNOUNCE_S 600 /* how long an announcement stands */

/* One that was found. */
typedef struct
{
  char *name;    /* four characters, as it shows itself on its own screen: "4F2A" */
  char *address; /* "192.168.1.7:6986" */
  char *nonce;   /* 16 hex digits */
  char *tag;     /* the same */
} ValiseNearbyLaptop;

#define VALISE_TYPE_NEARBY (valise_nearby_get_type ())

/* Signal "changed": what is found, announced or available. */
G_DECLARE_FINAL_TYPE (ValiseNearby, valise_nearby, VALISE, NEARBY, GObject)

/* @key: this laptop's device key, public, as text. */
ValiseNearby *valise_nearby_new (const char *key) G_GNUC_WARN_UNUSED_RESULT;

/* Looks for others, until it is disposed of; safe to call twice. */
void valise_nearby_start (ValiseNearby *self);

/* Announces that this laptop listens at @addresses, numeric, and @port for
 * %VALISE_NEARBY_ANNOUNCE_S from now. */
void valise_nearby_announce (ValiseNearby *self, const char *const *addresses, guint16 port);
void valise_nearby_hush (ValiseNearby *self);

gboolean valise_nearby_is_available (ValiseNearby *self);

/* By what others see it while it announces itself; NULL: it does not. */
const char *valise_nearby_get_name (ValiseNearby *self);

/* Those found, each once, without this laptop itself (element-type ValiseNearbyLaptop). */
GPtrArray *valise_nearby_list (ValiseNearby *self);

/* Whether @laptop says that it has @key, a public key as text. */
gboolean valise_nearby_laptop_has_key (const ValiseNearbyLaptop *laptop, const char *key);

G_END_DECLS
