/**
 * The currencies we keep books in, by the number of decimals of their minor unit (ISO 4217, list one). A code that is
 * not here is refused as `currency_not_supported`. Left out on purpose: fund and metal codes, codes with four decimals
 * (CLF, UYW), and codes that were withdrawn.
 *
 * A vendor may count otherwise (Stripe: MGA without decimals, ISK and UGX with two): that is its adapter's to translate,
 * here ISO alone holds.
 */
const CODES_BY_EXPONENT = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK
    DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD
    KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP
    PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
    USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
} as const;

export type Exponent = 0 | 2 | 3;

/** Decimals of the minor unit, by code. */
export const CURRENCY_EXPONENTS: ReadonlyMap<string, Exponent> = new Map<string, Exponent>([
  ...listed(0, CODES_BY_EXPONENT[0]),
  ...listed(2, CODES_BY_EXPONENT[2]),
  ...listed(3, CODES_BY_EXPONENT[3]),
]);

/** Is it a code of ours, in capitals? */
export function isCurrency(code: string): boolean {
  return CURRENCY_EXPONENTS.has(code);
}

function listed(exponent: Exponent, codes: string): [string, Exponent][] {
  return codes.split(/\s+/).map((code) => [code, exponent]);
}
