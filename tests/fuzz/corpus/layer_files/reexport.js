/*! banner */export { handler as default, "a }" as b /* } */ } // from
from "y";
export * as z from 'z';
