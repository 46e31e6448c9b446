#!/usr/bin/env node
import '../../../limen.mjs';
