/* valise-registry.h - the secretariat's pen: registers, seals and issues
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Works on a home that holds a programme: DIR/keys/{root,issuing,receipting,certifying}.key.
 * One thread at a time; blocks. Issue numbers only rise, over restarts too.
 *
 * The programme's id is "poa-" (the profile's name) and the id of the root key. The document
 * `programme` is the profile with `programme` (that id) and `name: {LANGUAGE: TEXT}`; `keys`,
 * sealed by the root key, is
 *
 *     {"type": "keys", "programme": ID, "root": PUBLIC-KEY,
 *      "keys": [{"id": KEY-ID, "public": PUBLIC-KEY, "use": "issuing", "from": MOMENT}, …]}
 *
 * with uses `issuing`, `receipting`, `certifying`, and `until` where a key was replaced.
 */

#pragma once

#include "valise-home.h"
#include "valise-key.h"
#include "valise-profile.h"
#include "valise-reading.h"

G_BEGIN_DECLS

#define VALISE_REGISTRY_ERROR (valise_registry_error_quark ())

/**
 * ValiseRegistryError:
 * @VALISE_REGISTRY_ERROR_EXISTS: the folder holds a programme already
 * @VALISE_REGISTRY_ERROR_NONE: the folder holds no programme
 * @VALISE_REGISTRY_ERROR_REFUSED: the paper cannot be registered; the message says why
 */
typedef enum
{
  VALISE_REGISTRY_ERROR_EXISTS,
  VALISE_REGISTRY_ERROR_NONE,
  VALISE_REGISTRY_ERROR_REFUSED,
} ValiseRegistryError;

GQuark valise_registry_error_quark (void);

#define VALISE_TYPE_REGISTRY (valise_registry_get_type ())

G_DECLARE_FINAL_TYPE (ValiseRegistry, valise_registry, VALISE, REGISTRY, GObject)

/* Makes a programme: keys, `keys`, `programme` and `body:` documents, the profile's databases.
 * @name: in English (nullable: the profile's own titles). What an interrupted making left is
 * taken up again. Fails with EXISTS, or any error of the store, keys or profile. */
ValiseRegistry *valise_registry_create (ValiseHome *home,
                                        const char *profile,
                                        const char *name,
                                        GError    **error) G_GNUC_WARN_UNUSED_RESULT;
/* The root key may be kept elsewhere. Fails with NONE, or any error of the store or keys. */
ValiseRegistry *valise_registry_open (ValiseHome *home, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char    *valise_registry_get_programme (ValiseRegistry *self); /* id */
const char    *valise_registry_get_name (ValiseRegistry *self);
const char    *valise_registry_get_root (ValiseRegistry *self); /* public key */
ValiseProfile *valise_registry_get_profile (ValiseRegistry *self);
ValiseKey     *valise_registry_get_certifying_key (ValiseRegistry *self);

/* Seals @body (JSON text without `_` members) with the next issue number and writes it as the
 * next revision of @id in @database. The same body as now: nothing is written. The gate
 * judges it first (#ValiseGateError). Returns: (transfer full): the revision (new or present). */
char *valise_registry_issue (ValiseRegistry *self,
                             const char     *database,
                             const char     *id,
                             const char     *body,
                             GError        **error);

/* The sample programme: data/sample, issued. Twice changes nothing. */
gboolean valise_registry_issue_sample (ValiseRegistry *self, GError **error);

typedef enum
{
  VALISE_IMPORT_REGISTERED, /* a new paper, or a new language of one */
  VALISE_IMPORT_UPDATED,    /* the text differs from what was issued */
  VALISE_IMPORT_UNCHANGED,  /* issued already, word for word */
} ValiseImport;

typedef struct
{
  const char *meeting;  /* id of a meeting document, or NULL: from the file's own metadata */
  const char *item;     /* agenda item, or NULL: from the file */
  const char *language; /* overrides the file's */
  const char *symbol;   /* overrides the file's, or NULL */
  const char *name;     /* of the file: for messages, and to know a paper without a symbol again */
} ValiseImportOptions;

/* Registers what a reader read: the paper (titles, languages, relations), its text, where
 * needed its meeting and agenda item. Without a symbol: the next in the profile's series.
 * @symbol: (out) (optional): the symbol it has. REFUSED where it contradicts what is registered,
 * or cannot stand as a record; then nothing is written. */
gboolean valise_registry_import (ValiseRegistry            *self,
                                 ValiseReading             *reading,
                                 const ValiseImportOptions *options,
                                 ValiseImport              *outcome,
                                 char                     **symbol,
                                 GError                   **error);

/* Whether the bytes are a file to be kept as it is laid out, a PDF or DOCX, and which media type
 * it has; NULL: they are not. */
const char *valise_registry_get_original_type (GBytes *bytes);

/* Registers an original of a paper that is registered: keeps its bytes, issues its `file:`
 * document, and has the paper name it. @options: `symbol` and `language` count; without them
 * they are read from `name` ("A_RES_77_37-en.pdf"). One of the same name is replaced. REFUSED
 * where there is no such paper. */
gboolean valise_registry_import_original (ValiseRegistry            *self,
                                          GBytes                    *bytes,
                                          const ValiseImportOptions *options,
                                          ValiseImport              *outcome,
                                          char                     **symbol,
                                          GError                   **error);

G_END_DECLS
