import fc from 'fast-check';

/** FAST_CHECK_SEED tries other cases than those of every day. */
fc.configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 20261121) });
