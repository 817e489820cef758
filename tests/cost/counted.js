// The Worker, with everything counted that its operator pays for. GET /__cost tells the counts, DELETE
// /__cost begins anew. It knows only the platform, nothing of the Worker.
import { calls } from "./count_imports.js";
import Worker from "./index.js";

let counts;
const reset = () => {
  counts = { kv_reads: 0, kv_names: 0, kv_writes: 0, d1_calls: 0, d1_rows_written: 0, d1_rows_read: 0, queue_sends: 0 };
  calls.total = 0;
  calls.byName = {};
};
reset();

const countedKv = (kv) => ({
  get: (...args) => ((counts.kv_reads += 1), (counts.kv_names += [args[0]].flat().length), kv.get(...args)),
  getWithMetadata: (...args) => ((counts.kv_reads += 1), kv.getWithMetadata(...args)),
  list: (...args) => ((counts.kv_reads += 1), kv.list(...args)),
  put: (...args) => ((counts.kv_writes += 1), kv.put(...args)),
  delete: (...args) => ((counts.kv_writes += 1), kv.delete(...args)),
});

const noted = (result) => {
  counts.d1_rows_written += result.meta?.rows_written ?? 0;
  counts.d1_rows_read += result.meta?.rows_read ?? 0;
  return result;
};

const countedStatement = (statement) => ({
  statement,
  bind: (...values) => countedStatement(statement.bind(...values)),
  all: async () => ((counts.d1_calls += 1), noted(await statement.all())),
  run: async () => ((counts.d1_calls += 1), noted(await statement.run())),
  first: (...args) => ((counts.d1_calls += 1), statement.first(...args)),
  raw: (...args) => ((counts.d1_calls += 1), statement.raw(...args)),
});

const countedD1 = (db) => ({
  prepare: (sql) => countedStatement(db.prepare(sql)),
  batch: async (statements) => {
    counts.d1_calls += 1;
    return (await db.batch(statements.map(({ statement }) => statement))).map(noted);
  },
  exec: (sql) => ((counts.d1_calls += 1), db.exec(sql)),
});

const countedQueue = (queue) => ({
  send: (...args) => ((counts.queue_sends += 1), queue.send(...args)),
  sendBatch: (...args) => ((counts.queue_sends += 1), queue.sendBatch(...args)),
});

const counted = (env) => ({
  ...env,
  CONFIG: countedKv(env.CONFIG),
  DB: countedD1(env.DB),
  DELIVERIES: countedQueue(env.DELIVERIES),
});

export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname !== "/__cost") {
      return new Worker(context, counted(env)).fetch(request);
    }
    if (request.method === "DELETE") reset();
    return Response.json({ ...counts, calls: calls.total, calls_by_name: calls.byName });
  },
  queue(batch, env, context) {
    return new Worker(context, counted(env)).queue(batch);
  },
  scheduled(event, env, context) {
    return new Worker(context, counted(env)).scheduled(event);
  },
};
