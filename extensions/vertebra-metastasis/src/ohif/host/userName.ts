import { z } from 'zod';

/** The claims of OpenID Connect that name a person; the host keeps them as `profile` of its user. */
const profile = z.object({
  family_name: z.string().optional(),
  given_name: z.string().optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});
const user = z.object({ profile });

/** Components of a PN are parted by these; 64 characters make one group (PS3.5 6.2). */
const PARTING = /[\^=\\]/g;
const MOST_CHARACTERS = 64;

/** Who is signed in at the host, as a DICOM person name; undefined when nobody is, or without a name. */
export function userName(signedIn: unknown): string | undefined {
  const parsed = user.safeParse(signedIn);
  if (!parsed.success) return undefined;
  const { family_name: family, given_name: given, name, preferred_username: login } = parsed.data.profile;
  const plain = (text: string) => text.replace(PARTING, ' ').trim();
  const parts = family ? [family, given ?? ''] : [name ?? login ?? ''];
  return parts.map(plain).join('^').slice(0, MOST_CHARACTERS).replace(/\^+$/, '') || undefined;
}
