/* valise-user-policy.h - what the user lets the network cost
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings, kept per account in FOLDER/policy.json. What they mean at a given moment is judged
 * in valise-verdict.h, and nowhere else. A plain value: copy it by assignment.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VALISE_USER_POLICY_ERROR (valise_user_policy_error_quark ())

/**
 * ValiseUserPolicyError:
 * @VALISE_USER_POLICY_ERROR_KEY: no setting of that name
 * @VALISE_USER_POLICY_ERROR_VALUE: not a value that it takes; the message names those it does
 */
typedef enum
{
  VALISE_USER_POLICY_ERROR_KEY,
  VALISE_USER_POLICY_ERROR_VALUE,
} ValiseUserPolicyError;

GQuark valise_user_policy_error_quark (void);

/* How much may move, each with what stands before it. */
typedef enum
{
  VALISE_MAY_NOTHING,
  VALISE_MAY_SEND, /* what was written here goes out; nothing is fetched */
  VALISE_MAY_TEXT, /* words come in too */
  VALISE_MAY_ALL,  /* and files, both ways */
} ValiseMay;

#define VALISE_DAY_MINUTES (24 * 60)

typedef struct
{
  ValiseMay metered;    /* on a metered connection: SEND, TEXT or ALL */
  guint64   budget;     /* bytes both ways in a day of the laptop's calendar; 0: no limit */
  ValiseMay spent;      /* once they are used up: NOTHING or TEXT */
  guint     hours_from; /* minutes after local midnight, 0 to 1439, */
  guint     hours_to;   /* between which Valise syncs by itself; the same: at any hour */
  gboolean  text_only;  /* files wait for the user, on every connection */
  guint64   rate;       /* bytes a second, both ways; 0: no limit */
} ValiseUserPolicy;

/* Words only where a byte is paid for, everything elsewhere; no budget, at any hour. */
#define VALISE_USER_POLICY_DEFAULT                                                                 \
  ((ValiseUserPolicy){ .metered = VALISE_MAY_TEXT, .spent = VALISE_MAY_TEXT })

/* An absent file is the default; so is a damaged one, which is logged: a setting that cannot
 * be read must not keep a delegation from its papers. */
void valise_user_policy_load (ValiseUserPolicy *self, const char *folder);

/* Durable, and whole or not at all. Any %G_FILE_ERROR. */
gboolean valise_user_policy_save (const ValiseUserPolicy *self, const char *folder, GError **error);

gboolean valise_user_policy_equal (const ValiseUserPolicy *a, const ValiseUserPolicy *b);

/**
 * valise_user_policy_set:
 * @key: "metered", "budget", "after-budget", "hours", "text-only" or "rate"
 * @value: as valise_user_policy_dup() writes it; sizes may be "500000", "500kB", "1MB" or "1.5MB"
 *
 * Fails with #ValiseUserPolicyError, and changes nothing then.
 */
gboolean valise_user_policy_set (ValiseUserPolicy *self,
                                 const char       *key,
                                 const char       *value,
                                 GError          **error);

/* The names of the settings, NULL-terminated; and the value of one as text: "everything",
 * "text", "send"; "none" or a number of bytes; "text" or "stop"; "any" or "22:00-06:00"; "yes"
 * or "no"; "none" or a number of bytes a second. */
const char *const *valise_user_policy_list_keys (void);
char              *valise_user_policy_dup (const ValiseUserPolicy *self, const char *key);

G_END_DECLS
