import type { Visit } from '../stage.js';

/** The site of the platform, as anybody sees it. */
export const websiteVisits: Record<string, Visit> = {
  'website/home': site('/'),
  'website/features': site('/features'),
  'website/pricing': site('/pricing?country=ghana&learners=1700'),
  'website/countries/index': site('/countries'),
  'website/countries/show': site('/countries/kenya'),
  'website/about': site('/about'),
  'website/privacy': site('/privacy'),
  'website/terms': site('/terms'),
  'website/data-protection': site('/data-protection'),
  'website/contact': site('/contact'),
  'website/newsletter/new': site('/newsletter'),
  'website/newsletter/confirm': site('/newsletter/confirmations/any'),
  'website/newsletter/unsubscribe': site('/newsletter/unsubscriptions/any'),
  'website/find-school': site('/find-school?q=kil'),
};

/** A page of the platform's site, as anybody sees it. */
function site(path: string): Visit {
  return async (stage) => {
    await stage.be('stranger', stage.coreUrl);
    return path;
  };
}
