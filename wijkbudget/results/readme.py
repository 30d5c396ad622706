"""What a package says about itself, in plain Dutch and English."""

READ_ME_TEXT = """\
DE UITSLAG VAN EEN RONDE, OM ZELF NA TE TELLEN            (English below)

In dit pakket zit alles wat u nodig heeft om de uitslag van deze ronde te controleren. U hoeft ons niet te geloven.

Zo controleert u de uitslag:

1. Pak alle bestanden uit in een lege map. Start in die map:   python3 recount.py
   Het programma telt alles na en zegt of de uitslag klopt. U hebt alleen Python nodig (versie 3.8 of nieuwer).
   Vertrouwt u ons programma niet? Laat iemand anders het lezen, of schrijf zelf een ander.
   De handtekening controleert het niet, en ook niet of in election.pb dezelfde stembiljetten staan: dat doet stap 2.
2. Neem de sleutel van de site van de gemeente: op de pagina "Controleer de uitslag", onder "Voor wie verder wil
   kijken". Controleer daarmee de handtekening:   wijkbudget verify PAKKET --key SLEUTEL
   In signature.txt moet dezelfde sleutel staan.
   Zo weet u dat het pakket van de gemeente komt en daarna niet is veranderd. Dit telt ook alles nog eens na.
3. Zoek uw ontvangstbewijs:   python3 recount.py ONTVANGSTBEWIJS
   Zo weet u dat uw envelop in de stembus zat.

Zijn er heel weinig stembiljetten? Dan staan alleen de totalen in het pakket. Anders is een stem misschien te raden.
Sommige telregels zijn dan niet na te tellen: het programma zegt dat.

De bestanden:
manifest.json   de regels, de plannen, de aantallen, de uitslag, en van elk bestand het controlegetal (SHA-256)
signature.txt   de handtekening (Ed25519) onder manifest.json
urn.txt         van elke envelop in de stembus het controlegetal (SHA-256). De envelop zelf staat er niet in: met de
                sleutel was hij te openen. Een ontvangstbewijs is het begin van zo'n controlegetal: de eerste 80 bits
                (20 cijfers en letters), geschreven in 16 tekens (Crockford base32: 0-9 en A-Z zonder I, L, O en U)
ballots.csv     elk stembiljet op een regel: het nummer, een 1 als het blanco is, en de punten per plan
election.pb     dezelfde stembiljetten, voor andere telprogramma's (Pabulib). Zijn alle plannen ingetrokken, dan is
                het er niet
recount.py      het programma dat natelt
Ieder stembiljet heeft een nummer. Dat hoort niet bij een ontvangstbewijs en niet bij een code: niemand kan zien wie wat
stemde. Bedragen zijn in centen.


THE RESULT OF A ROUND, FOR YOU TO COUNT AGAIN

This package holds all that you need to check the result of this round. You need not take our word for it.

How to check the result:

1. Unpack all files in an empty folder. Start in that folder:   python3 recount.py
   The program counts everything again and says whether the result is right. You need only Python (3.8 or newer).
   You do not trust our program? Have somebody else read it, or write another one yourself.
   It does not check the signature, nor whether election.pb holds the same ballots: step 2 does.
2. Take the key from the site of the city: on the page "Check the result", under "For those who want to look
   further". Check the signature with it:   wijkbudget verify PACKAGE --key KEY
   The same key must stand in signature.txt.
   So you know that the package is the city's and was not changed since. This counts everything again, too.
3. Look for your receipt:   python3 recount.py RECEIPT
   So you know that your envelope was in the urn.

Are there very few ballots? Then the package holds totals only. Otherwise somebody's vote could perhaps be guessed.
Some rules cannot be counted again then: the program says so.

The files:
manifest.json   the rules, the plans, the numbers, the result, and the SHA-256 of each file
signature.txt   the signature (Ed25519) under manifest.json
urn.txt         the SHA-256 of each envelope in the urn. The envelope itself is not there: with the key it could be
                opened. A receipt is the beginning of such a SHA-256: its first 80 bits (20 hexadecimal digits), written
                in 16 symbols (Crockford base32: 0-9 and A-Z without I, L, O and U)
ballots.csv     a ballot on each line: its number, a 1 if it is blank, and its points for each plan
election.pb     the same ballots, for other counting programs (Pabulib). It is not there if all plans were withdrawn
recount.py      the program that counts again
Every ballot has a number. It belongs to no receipt and to no code: nobody can see who voted what. Amounts are in cents.

How the roots in manifest.json are made: the Merkle tree hash of RFC 9162 with SHA-256. Its leaves are the digests of
urn.txt (32 bytes each), and the lines of ballots.csv (all of them, without line ends).
"""
