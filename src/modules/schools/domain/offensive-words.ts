/** Words that no school's address carries, as whole words between hyphens: English, French, Kiswahili. */
export const OFFENSIVE_WORDS: ReadonlySet<string> = new Set([
  'anal', 'anus', 'arse', 'arsehole', 'ass', 'asses', 'asshole', 'bastard', 'bastards', 'bitch', 'bitches', 'bollocks', 'boob', 'boobs', 'bugger', 'bullshit',
  'cock', 'cocks', 'coon', 'crap', 'cum', 'cunt', 'cunts', 'damn', 'dick', 'dicks', 'dildo', 'fag', 'faggot', 'fuck', 'fucked', 'fucker', 'fucking',
  'hitler', 'kaffir', 'kkk', 'motherfucker', 'nazi', 'nazis', 'negro', 'nigga', 'nigger', 'penis', 'piss', 'porn', 'porno', 'pussy', 'rape', 'rapist',
  'retard', 'sex', 'sexy', 'shit', 'shits', 'shitty', 'slut', 'sluts', 'tit', 'tits', 'twat', 'vagina', 'wank', 'wanker', 'whore', 'whores', 'xxx',
  'batard', 'bite', 'bites', 'bordel', 'branleur', 'chatte', 'chier', 'conard', 'connard', 'connards', 'connasse', 'couille', 'couilles', 'cul', 'encule',
  'enculer', 'foutre', 'merde', 'merdes', 'negre', 'nique', 'niquer', 'partouze', 'pede', 'pute', 'putes', 'putain', 'salaud', 'salope', 'salopes', 'zizi',
  'firauni', 'kahaba', 'kuma', 'kumamako', 'kuma-mako', 'malaya', 'mavi', 'mboo', 'mkundu', 'msenge', 'mshenzi', 'matako', 'tako', 'tombana', 'uboo', 'umalaya',
]);
