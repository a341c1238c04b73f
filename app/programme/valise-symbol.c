/* valise-symbol.c - document symbols: read, normalise, relate
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading goes in three steps: characters are folded to ASCII; "resolution 77/37" becomes
 * "A/RES/77/37"; and the components are judged one by one, those at the end being modifiers.
 * The judgement is strict where a word of ordinary prose could pass: "and/or", "A/4", "1/2",
 * a date, a path. What an organ may be followed by is the research guide's grammar.
 */

#define G_LOG_DOMAIN "valise-symbol"

#include "config.h"

#include <string.h>

#include "valise-symbol-component.h"
#include "valise-symbol.h"

#define MAX_COMPONENTS 10
#define FIRST_YEAR     1946
#define LAST_SESSION   199 /* the eightieth is in 2025 */

/* Organs and own series whose lower-case spelling is taken too. */
static const char *const ORGANS[] = {
  "A",    "S",    "E",      "T",     "ST",    "AT",   "ATT", "BWC", "CAC",    "CAT",  "CBD", "CCD",
  "CCPR", "CCW",  "CD",     "CED",   "CEDAW", "CERD", "CMW", "CRC", "CRPD",   "CTOC", "CAC", "DP",
  "ENDC", "FCCC", "GC",     "HRI",   "HSP",   "ICCD", "ID",  "IDB", "ISBA",   "ITC",  "JIU", "LC",
  "NPT",  "OPS",  "PCNICC", "SPLOS", "TD",    "UNEP", "UNW", "WFP", "UNCTAD", NULL
};

/* Words that may follow A, S, E and T at once; after a body any word may come. */
static const char *const SECOND_WORDS[] = { "RES",   "DEC",   "INF",  "PV",    "SR",      "HRC",
                                            "NGO",   "PET",   "PRST", "BUR",   "AGENDA",  "ICEF",
                                            "ECE",   "ESCAP", "ECA",  "ECLAC", "LAC",     "ESCWA",
                                            "TRANS", "UNU",   "COM",  "LOS",   "MINUTES", "CONF",
                                            "CEPAL", NULL };

/* What such a component names is a body, so a symbol does not end with it. */
static const char *const BODIES[] = { "AC", "C",   "CN",  "CONF", "GC", "SC", "SUB",
                                      "WG", "GGE", "COP", "EA",   "EM", NULL };

static const char *const NATURE_WORDS[] = { "RES",  "DEC", "INF",    "PV",  "SR", "NGO", "PET",
                                            "PRST", "GC",  "AGENDA", "CRP", "WP", "L",   NULL };

static GRegex *prose_regex, *roman_prose_regex, *glued_regex;

static gpointer
compile_once (gpointer data)
{
  const GRegexCompileFlags caseless = G_REGEX_CASELESS | G_REGEX_OPTIMIZE;

  prose_regex = g_regex_new ("(?:^|[ ])(\\p{L}+)\\.? ?([0-9]{1,4})/([0-9]{1,4}(?: ?[a-z])?)$",
                             caseless, 0, NULL);
  roman_prose_regex = g_regex_new (
      "(?:^|[ ])(\\p{L}+)\\.? ?([0-9]{1,4}(?: [a-z])? ?)\\(([ivxlcdm]+|(?:19|20)[0-9]{2})\\)$",
      caseless, 0, NULL);
  glued_regex = g_regex_new ("([0-9])(add|corr|rev|amend)\\.", caseless, 0, NULL);

  return NULL;
}

static void
compile (void)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, compile_once, NULL);
}

/* The ASCII character that @c stands for in a symbol; 0 for what shows nothing. */
static gunichar
fold_character (gunichar c)
{
  if (c >= 0xff01 && c <= 0xff5e)
    return c - 0xff01 + '!';
  if (c >= 0x2010 && c <= 0x2015)
    return '-';
  if (c == 0x2212)
    return '-';
  if (c == 0x2044 || c == 0x2215)
    return '/';
  if (c == 0x2217 || c == 0x066d)
    return '*';
  if (g_unichar_type (c) == G_UNICODE_FORMAT)
    return 0;
  if (g_unichar_isspace (c))
    return ' ';
  if (g_unichar_isdigit (c))
    return (gunichar) ('0' + g_unichar_digit_value (c));

  return c;
}

/* Folds to ASCII, single spaces, none beside a slash; letters beyond ASCII stay. */
static char *
fold (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = fold_character (g_utf8_get_char (text));
      char     last = out->len > 0 ? out->str[out->len - 1] : ' ';

      if (c == 0 || (c == ' ' && (last == ' ' || last == '/')))
        continue;
      if (c == '/' && last == ' ' && out->len > 0)
        g_string_truncate (out, out->len - 1);
      g_string_append_unichar (out, c);
    }

  while (out->len > 0 && strchr (" .,;:", out->str[out->len - 1]) != NULL)
    g_string_truncate (out, out->len - 1);

  return g_string_free (out, FALSE);
}

/* What the word before a bare number says it is: "RES", "DEC", or NULL. */
static const char *
read_prose_word (const char *word)
{
  static const struct
  {
    const char *stem;
    const char *nature;
  } stems[] = { { "resol", "RES" }, { "résol", "RES" }, { "res", "RES" },   { "резолюц", "RES" },
                { "decis", "DEC" }, { "décis", "DEC" }, { "решени", "DEC" } };
  g_autofree char *lower = g_utf8_strdown (word, -1);

  for (guint i = 0; i < G_N_ELEMENTS (stems); i++)
    if (g_str_has_prefix (lower, stems[i].stem)
        && (strcmp (stems[i].stem, "res") != 0 || strcmp (lower, "res") == 0))
      return stems[i].nature;

  if (strstr (word, "قرار") != NULL)
    return "RES";

  return NULL;
}

/* "General Assembly resolution 77/37" → "A/RES/77/37"; NULL where it is no such phrase. */
static char *
expand_prose (const char *folded)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char       *word = NULL;
  g_autofree char       *first = NULL;
  g_autofree char       *second = NULL;
  const char            *nature = NULL;
  gboolean               roman = FALSE;

  if (!g_regex_match (prose_regex, folded, 0, &match))
    {
      g_clear_pointer (&match, g_match_info_unref);
      roman = g_regex_match (roman_prose_regex, folded, 0, &match);
      if (!roman)
        return NULL;
    }

  word = g_match_info_fetch (match, 1);
  first = g_match_info_fetch (match, 2);
  second = g_match_info_fetch (match, 3);
  nature = read_prose_word (word);
  if (nature == NULL)
    return NULL;

  if (roman)
    return g_strdup_printf ("%s/%s/%s(%s)", g_ascii_isdigit (*second) ? "S" : "A", nature, first,
                            second);
  if (atoi (first) >= FIRST_YEAR)
    return g_strdup_printf ("E/%s/%s/%s", nature, first, second);
  if (strstr (folded, "Human Rights Council") != NULL)
    return g_strdup_printf ("A/HRC/%s/%s/%s", nature, first, second);

  return g_strdup_printf ("A/%s/%s/%s", nature, first, second);
}

/* The first component is an organ: one we know, or capitals that nothing else explains. */
static gboolean
judge_organ (const char *raw, const char *organ, const ValiseSymbolComponent *components, guint n)
{
  gboolean dated = FALSE;

  if (g_strv_contains (ORGANS, organ))
    return TRUE;

  for (guint i = 1; i < n; i++)
    dated = dated || components[i].shape == VALISE_SHAPE_NUMBERED
            || (components[i].shape == VALISE_SHAPE_NUMBER && components[i].number >= FIRST_YEAR
                && components[i].number < 2100 && i + 1 < n);

  return n >= 3 && dated && strlen (organ) >= 2 && strlen (organ) <= 8 && strcmp (raw, organ) == 0;
}

/* Resolutions and decisions are cited by session and number, or by number and mark. */
static gboolean
judge_resolution (char organ, const ValiseSymbolComponent *components, guint n, guint at)
{
  guint after = n - at - 1;

  if (after == 1)
    return components[at + 1].shape == VALISE_SHAPE_NUMBER
           && (components[at + 1].marked || organ != 'A');

  return after == 2
         && (components[at + 1].shape == VALISE_SHAPE_NUMBER
             || components[at + 1].shape == VALISE_SHAPE_SESSION)
         && components[at + 1].letter == NULL && !components[at + 1].marked
         && components[at + 2].shape == VALISE_SHAPE_NUMBER
         && (organ != 'E' || components[at + 1].number >= FIRST_YEAR);
}

/* What may follow A, S, E and T: prose uses those letters too ("A/4", "E/mail", "S/he"). */
static gboolean
judge_principal (char organ, const ValiseSymbolComponent *components, guint n)
{
  const ValiseSymbolComponent *second = &components[1];

  switch (second->shape)
    {
    case VALISE_SHAPE_NUMBER:
      if (second->letter != NULL || second->marked)
        return FALSE;
      if (n == 2)
        return second->number >= 100;
      if (organ == 'A')
        return second->number >= 1 && second->number <= LAST_SESSION;
      return second->number >= FIRST_YEAR && second->number < 2100;
    case VALISE_SHAPE_SESSION:
      return n >= 3 && organ == 'A';
    case VALISE_SHAPE_WORD:
      return g_strv_contains (SECOND_WORDS, second->text);
    case VALISE_SHAPE_NUMBERED:
      return TRUE;
    case VALISE_SHAPE_NOTHING:
    case VALISE_SHAPE_MODIFIER:
    default:
      return FALSE;
    }
}

/* Judges the components before the modifiers; @n counts them, the organ first. */
static gboolean
judge (const char *raw, const ValiseSymbolComponent *components, guint n)
{
  const char                  *organ = components[0].text;
  const ValiseSymbolComponent *last = &components[n - 1];

  if (n < 2 || components[0].shape != VALISE_SHAPE_WORD || !judge_organ (raw, organ, components, n))
    return FALSE;

  if (last->shape != VALISE_SHAPE_NUMBER && last->shape != VALISE_SHAPE_NUMBERED)
    return FALSE;
  if (last->shape == VALISE_SHAPE_NUMBERED
      && (g_strv_contains (BODIES, last->name) || last->number == 0))
    return FALSE;

  for (guint i = 1; i < n; i++)
    {
      if (components[i].shape == VALISE_SHAPE_MODIFIER)
        continue; /* "Rev.1" within: kept as it stands */
      if (components[i].part != NULL && i + 1 < n)
        return FALSE;
      if (components[i].shape == VALISE_SHAPE_NUMBER && i + 1 < n
          && (components[i].letter != NULL || components[i].marked))
        return FALSE;
      if (components[i].shape == VALISE_SHAPE_WORD
          && (strcmp (components[i].text, "RES") == 0 || strcmp (components[i].text, "DEC") == 0)
          && strchr ("ASET", *organ) != NULL && organ[1] == '\0')
        return judge_resolution (*organ, components, n, i);
    }

  return organ[1] != '\0' || judge_principal (*organ, components, n);
}

static void
append_body (ValiseSymbol *self, const char *text)
{
  char *joined = self->body != NULL ? g_strconcat (self->body, "/", text, NULL) : g_strdup (text);

  g_free (self->body);
  self->body = joined;
}

static void
take_component (ValiseSymbol *self, const ValiseSymbolComponent *component, gboolean last)
{
  switch (component->shape)
    {
    case VALISE_SHAPE_NUMBER:
      if (last)
        {
          self->number = component->number;
          self->letter = g_strdup (component->letter);
        }
      else if (component->number >= FIRST_YEAR)
        self->year = component->number;
      else if (self->session == NULL)
        self->session = g_strdup (component->text);
      break;
    case VALISE_SHAPE_SESSION:
      g_free (self->session);
      self->session = g_strdup (component->text);
      break;
    case VALISE_SHAPE_NUMBERED:
      if (!last || g_strv_contains (BODIES, component->name))
        {
          append_body (self, component->text);
          break;
        }
      g_free (self->nature);
      self->nature = g_strdup (component->name);
      self->number = component->number;
      break;
    case VALISE_SHAPE_WORD:
      if (g_strv_contains (NATURE_WORDS, component->text) && self->nature == NULL)
        self->nature = g_strdup (component->text);
      else
        append_body (self, component->text);
      break;
    case VALISE_SHAPE_NOTHING:
    case VALISE_SHAPE_MODIFIER:
    default:
      break;
    }
}

/* Adds one modifier to the text; the last one added is the one that counts. */
static void
add_modifier (ValiseSymbol *self, const char *text, ValiseSymbolModifier modifier, guint number)
{
  char *longer = g_strconcat (self->text, text, NULL);

  g_free (self->parent);
  self->parent = g_steal_pointer (&self->text);
  self->text = longer;
  self->modified = TRUE;
  self->modifier = modifier;
  self->modifier_number = number;
}

static void
add_part (ValiseSymbol *self, const ValiseSymbolComponent *component)
{
  if (component->part != NULL)
    {
      const char *digits = component->part + strcspn (component->part, "0123456789)");

      add_modifier (self, component->part, VALISE_SYMBOL_PART,
                    (guint) g_ascii_strtoull (digits, NULL, 10));
    }
}

static ValiseSymbol *
build (const char *raw, const ValiseSymbolComponent *components, guint n, guint n_base, guint stars)
{
  ValiseSymbol       *self = g_new0 (ValiseSymbol, 1);
  g_autoptr (GString) base = g_string_new (NULL);

  for (guint i = 0; i < n_base; i++)
    {
      g_string_append_printf (base, "%s%s", i > 0 ? "/" : "", components[i].text);
      if (i > 0)
        take_component (self, &components[i], i + 1 == n_base);
    }

  self->raw = g_strdup (raw);
  self->organ = g_strdup (components[0].text);
  self->base = g_strdup (base->str);
  self->text = g_strdup (base->str);

  add_part (self, &components[n_base - 1]);
  for (guint i = n_base; i < n; i++)
    {
      g_autofree char *text = g_strconcat ("/", components[i].text, NULL);

      add_modifier (self, text, components[i].modifier, components[i].number);
      add_part (self, &components[i]);
    }
  for (guint i = 0; i < stars; i++)
    add_modifier (self, "*", VALISE_SYMBOL_REISSUE, i + 1);

  return self;
}

/* An "as amended in A/77/L.9" holds slashes of its own, which were split: joins them again. How
 * many parts remain. */
static guint
join_parenthesis (GStrv parts, guint n)
{
  for (guint i = 0; i + 1 < n;)
    {
      char *joined = NULL;

      if (strchr (parts[i], '(') == NULL || strchr (parts[i], ')') != NULL)
        {
          i++;
          continue;
        }

      joined = g_strconcat (parts[i], "/", parts[i + 1], NULL);
      g_free (parts[i]);
      g_free (parts[i + 1]);
      parts[i] = joined;
      memmove (&parts[i + 1], &parts[i + 2], (n - i - 1) * sizeof (char *));
      n--;
    }

  return n;
}

/* Reads a folded symbol; its first component's letters as they came decide in doubt. */
static ValiseSymbol *
read_folded (const char *raw, char *folded)
{
  ValiseSymbolComponent components[MAX_COMPONENTS] = { 0 };
  g_auto (GStrv)        parts = NULL;
  g_autofree char      *organ = NULL;
  ValiseSymbol         *self = NULL;
  gsize                 length = strlen (folded);
  guint                 stars = 0;
  guint                 n = 0;
  guint                 n_base = 0;
  gboolean              readable = TRUE;

  for (; length > 0 && folded[length - 1] == '*'; stars++)
    folded[--length] = '\0';

  parts = g_strsplit (g_strchomp (folded), "/", MAX_COMPONENTS + 1);
  n = g_strv_length (parts);
  if (n < 2 || n > MAX_COMPONENTS || stars > 3)
    return NULL;

  n = join_parenthesis (parts, n);
  organ = g_strdup (parts[0]);
  for (guint i = 0; i < n && readable; i++)
    readable = valise_symbol_component_read (parts[i], &components[i]);

  for (n_base = n; n_base > 1 && components[n_base - 1].shape == VALISE_SHAPE_MODIFIER; n_base--)
    ;

  if (readable && judge (organ, components, n_base))
    self = build (raw, components, n, n_base, stars);

  for (guint i = 0; i < G_N_ELEMENTS (components); i++)
    valise_symbol_component_clear (&components[i]);

  return self;
}

ValiseSymbol *
valise_symbol_parse (const char *text)
{
  g_autofree char *folded = NULL;
  g_autofree char *prose = NULL;
  g_autofree char *parted = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > VALISE_SYMBOL_MAX || !g_utf8_validate (text, -1, NULL))
    return NULL;

  compile ();

  folded = fold (text);
  prose = expand_prose (folded);
  parted =
      g_regex_replace (glued_regex, prose != NULL ? prose : folded, -1, 0, "\\1/\\2.", 0, NULL);

  return parted != NULL ? read_folded (text, parted) : NULL;
}

void
valise_symbol_free (ValiseSymbol *self)
{
  if (self == NULL)
    return;

  g_free (self->raw);
  g_free (self->text);
  g_free (self->base);
  g_free (self->organ);
  g_free (self->body);
  g_free (self->session);
  g_free (self->nature);
  g_free (self->letter);
  g_free (self->parent);
  g_free (self);
}

char *
valise_symbol_normalise (const char *text)
{
  g_autoptr (ValiseSymbol) symbol = valise_symbol_parse (text);

  return symbol != NULL ? g_strdup (symbol->text) : NULL;
}
