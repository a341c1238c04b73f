/* valise-host.h - what serves this laptop's databases to colleagues, for who does not see it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The server stands above this layer: so it is described here, made there
 * (valise-neighbour-host.h), and introduced by the program that joins both. All but start() and
 * stop() are quick.
 */

#pragma once

#include "valise-account.h"

G_BEGIN_DECLS

typedef struct _ValiseHost ValiseHost;

/* What a host tells, on threads of its own. */
typedef struct
{
  /* Somebody asks to be paired, by @code. @participant: as certified, or NULL. */
  void (*asked) (const char *person,
                 const char *participant,
                 const char *address,
                 const char *code,
                 gpointer    user_data);
  void (*paired) (const char *person, gpointer user_data);
} ValiseHostListener;

typedef struct
{
  /* Listens at @addresses, numeric, at each on the same port: %VALISE_COLLEAGUE_PORT, or another
   * where that is taken. Only strangers, until share() says otherwise. Blocks. */
  ValiseHost *(*start) (ValiseAccount            *account,
                        const char *const        *addresses,
                        const ValiseHostListener *listener,
                        gpointer                  user_data,
                        GError                  **error);
  void (*stop) (ValiseHost *host); /* blocks until nobody is served any more */
  guint16 (*get_port) (ValiseHost *host);

  void (*share) (ValiseHost *host, gboolean share);
  void (*set_door) (ValiseHost *host, gboolean open);
  gboolean (*answer) (ValiseHost *host, const char *code, gboolean same);
} ValiseHostKind;

G_END_DECLS
