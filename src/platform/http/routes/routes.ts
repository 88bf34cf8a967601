import express, { type Handler } from 'express';
import type { AnyCommand } from '../../../kernel/shapes/command.js';
import { checkToken, demandRun, guard, type Can } from './guard.js';
import { ApiRoutes, type Operation } from './api.js';
import type { Around, Declared, Handle, Method, PageRoutes } from './declared.js';
import { declareForm, type FormRoute } from './form.js';
import type { Page } from '../../../kernel/page.js';
import { declareList, type ListRoute } from './list.js';
import { declarePdf, type PdfRoute } from './pdf-route.js';
import type { Places } from './places.js';
import type { Has } from '../ports.js';
import { declareSheet, type SheetRoute } from './sheet-route.js';

/** Names and limits of what a form may send. A register of 60 learners with ten fields each fits well. */
const readForm = express.urlencoded({ extended: false, limit: '512kb', parameterLimit: 3000 });
/** Of somebody unknown: a login, a code, a password; at most what a family of twenty looks over, or a form that outlived its session. */
const readSmallForm = express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 400 });

/**
 * Every route of the product is declared here: who may use it stands beside its path. The order on each route is
 * permission, then the session's token, then the handler; a denied request is answered before its body is read.
 */
export class Routes implements PageRoutes {
  readonly api: ApiRoutes;

  constructor(
    private readonly places: Places,
    readonly declared: Declared[],
    private readonly module: string,
    private readonly operations: Operation[],
    private readonly has?: Has,
    private readonly around?: Around,
  ) {
    this.api = new ApiRoutes(places, declared, module, operations);
  }

  /** For pages that not every school has: elsewhere they are not found, and the find box doesn't offer them. */
  where(has: Has): Routes {
    return new Routes(this.places, this.declared, this.module, this.operations, has, this.around);
  }

  /** The same routes, with something that comes before every page that is declared on them, however it is declared. */
  wrapped(around: Around): Routes {
    const outer = this.around;
    const both: Around = outer ? (handler, method) => outer(around(handler, method), method) : around;
    return new Routes(this.places, this.declared, this.module, this.operations, this.has, both);
  }

  get(path: string, who: Can, handler: Handle): void {
    this.add('get', path, who, [], handler);
  }

  /** A command says itself who may; a success without it is a fault. */
  post(path: string, who: Can | AnyCommand, handler: Handle): void {
    if (typeof who === 'string') return this.send(path, who, handler);
    this.send(path, who, async (req, res, next) => {
      await handler(req, res, next);
      if (res.statusCode < 400) demandRun(req, who);
    });
  }

  /** For whoever looks to the command by itself, as a form does. */
  send(path: string, who: Can | AnyCommand, handler: Handle): void {
    const can = typeof who === 'string' ? who : who.can;
    const command = typeof who === 'string' ? undefined : who.key;
    this.add('post', path, can, [can === 'public' ? readSmallForm : readForm, checkToken], handler, command);
  }

  /** For forms with files: `upload` checks the token, which is the form's first field, before it reads a byte of a file. */
  upload(path: string, who: Can, upload: Handler, handler: Handle): void {
    this.add('post', path, who, [upload, checkToken], handler);
  }

  list<Filter extends object, Row, Loaded extends Page<Row>>(route: ListRoute<Filter, Row, Loaded>): void {
    declareList(this, route);
  }

  form<Values>(route: FormRoute<Values>): void {
    declareForm(this, route);
  }

  sheet<Row>(route: SheetRoute<Row>): void {
    declareSheet(this, route);
  }

  pdf<Data>(route: PdfRoute<Data>): void {
    declarePdf(this, route);
  }

  private add(method: Method, path: string, who: Can, before: Handler[], handler: Handle, command?: string): void {
    this.declared.push({
      method,
      path,
      can: who,
      module: this.module,
      kind: 'page',
      ...(this.has && { has: this.has }),
      ...(command && { command }),
    });
    this.places.of(path)[method](path, guard(who, this.module, this.has), ...before, this.around?.(handler, method) ?? handler);
  }
}
