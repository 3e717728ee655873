namespace Engine;

/// <summary>
/// Puts the named trees of a rule into lines that can be evaluated one after the other: each symbol means, in each line, the value that
/// the rule used there. Where a rule uses an old value after it has computed the new one, the new one gets a prime, and is assigned at the
/// end.
/// </summary>
internal sealed class FormulaOrder
{
    private readonly Func<string, string> _unique;
    private readonly List<Definition> _definitions = [];
    private readonly Dictionary<Symbol, Definition> _definitionOf = new(ReferenceEqualityComparer.Instance);
    private readonly List<(Symbol Variable, Symbol Source, bool IsScalar)> _assignments = [];

    /// <summary>Adds the trees; <paramref name="unique"/> makes a name unique.</summary>
    public FormulaOrder(IEnumerable<FormulaTarget> targets, Func<string, string> unique)
    {
        _unique = unique;
        IEqualityComparer<Symbol> byReference = ReferenceEqualityComparer.Instance;
        foreach (IGrouping<Symbol, FormulaTarget> group in targets.GroupBy(t => t.Tree, byReference))
        {
            AddTree(group.Key, [.. group]);
        }
        _definitions.Sort((a, b) => a.Tree.Serial.CompareTo(b.Tree.Serial));
    }

    private void AddTree(Symbol tree, FormulaTarget[] targets)
    {
        FormulaTarget? definition = tree.IsLeaf ? null
            : targets.FirstOrDefault(t => t.Variable is { } variable && (tree.Kind != SymbolKind.Named || tree.Name == variable.Name))
                ?? targets.FirstOrDefault(t => t.Variable is null);
        if (definition is not null)
        {
            Definition added = new(tree, definition.Variable, definition.IsScalar)
            {
                Name = definition.Variable?.Name ?? _unique(tree.Name),
            };
            _definitions.Add(added);
            _definitionOf.Add(tree, added);
        }
        _assignments.AddRange(from target in targets
                              where target.Variable is not null && target != definition
                              select (target.Variable, tree, target.IsScalar));
    }

    /// <summary>The lines in order.</summary>
    public IEnumerable<FormulaLine> Lines()
    {
        List<FormulaLine> saved = [], body = [], deferred = [];
        List<HashSet<Symbol>> uses = [.. _definitions.Select(o => UsedLeaves(o.Tree))];
        for (int i = 0; i < _definitions.Count; i++)
        {
            Definition definition = _definitions[i];
            if (definition.Variable is { } variable
                && (uses.Skip(i + 1).Any(u => u.Contains(variable)) || _assignments.Any(a => ReferenceEquals(a.Source, variable))))
            {
                definition.Name = _unique(variable.Name);
                deferred.Add(new FormulaLine(variable.Name, Symbol.Variable(definition.Name), true, definition.IsScalar));
            }
        }
        foreach (Definition definition in _definitions)
        {
            Symbol tree = definition.Tree;
            Symbol value = tree.Kind == SymbolKind.Named ? Rewrite(tree.Arguments[0], null) : Rewrite(tree, tree);
            body.Add(new FormulaLine(definition.Name, value, definition.Name == definition.Variable?.Name, definition.IsScalar));
        }
        List<FormulaLine> assignments = [];
        foreach ((Symbol variable, Symbol source, bool isScalar) in _assignments)
        {
            Symbol value = Rewrite(source, null);
            if (_assignments.Any(c => ReferenceEquals(c.Variable, source)))
            {
                string name = _unique(variable.Name);
                saved.Add(new FormulaLine(name, value, false, isScalar));
                value = Symbol.Variable(name);
            }
            assignments.Add(new FormulaLine(variable.Name, value, true, isScalar));
        }
        return [.. saved, .. body, .. assignments, .. deferred];
    }

    /// <summary>The variables whose old values a tree uses directly, not through another line.</summary>
    private HashSet<Symbol> UsedLeaves(Symbol tree)
    {
        HashSet<Symbol> leaves = new(ReferenceEqualityComparer.Instance);
        HashSet<Symbol> seen = new(ReferenceEqualityComparer.Instance);
        foreach (Symbol argument in tree.Arguments)
        {
            Walk(argument);
        }
        return leaves;

        void Walk(Symbol symbol)
        {
            if (_definitionOf.ContainsKey(symbol) || !seen.Add(symbol))
            {
                return;
            }
            if (symbol.IsLeaf)
            {
                leaves.Add(symbol);
            }
            foreach (Symbol argument in symbol.Arguments)
            {
                Walk(argument);
            }
        }
    }

    /// <summary>Replaces each part that another line defines by the name of that line.</summary>
    private Symbol Rewrite(Symbol tree, Symbol? root) => tree.Replace(symbol =>
        !ReferenceEquals(symbol, root) && _definitionOf.TryGetValue(symbol, out Definition? definition)
            ? Symbol.Variable(definition.Name)
            : null);

    private sealed record Definition(Symbol Tree, Symbol? Variable, bool IsScalar)
    {
        public required string Name { get; set; }
    }
}
