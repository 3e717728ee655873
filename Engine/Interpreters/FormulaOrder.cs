namespace Engine;

/// <summary>A tree with a name: an intermediate, or what a variable's value is after the step.</summary>
/// <param name="Tree">The tree, known by its identity.</param>
/// <param name="Variable">The variable's value before; null for an intermediate.</param>
/// <param name="IsScalar">Whether it is computed once a step.</param>
internal sealed record FormulaTarget(Symbol Tree, Symbol? Variable, bool IsScalar);

/// <summary>
/// Puts the named trees of a rule into lines that can be carried out one after the other: each letter means, in each line, the value that the rule used there.
/// Where a rule goes on using an old value after it has computed the new one, the new one gets a prime, and is assigned at the end.
/// </summary>
internal sealed class FormulaOrder
{
    private readonly Func<string, string> _unique;
    private readonly List<Owner> _owners = [];
    private readonly Dictionary<Symbol, Owner> _ownerOf = new(ReferenceEqualityComparer.Instance);
    private readonly List<(Symbol Variable, Symbol Source, bool IsScalar)> _copies = [];

    /// <summary>Takes the trees; <paramref name="unique"/> makes a name that nothing else has.</summary>
    public FormulaOrder(IEnumerable<FormulaTarget> targets, Func<string, string> unique)
    {
        _unique = unique;
        foreach (IGrouping<Symbol, FormulaTarget> group in targets.GroupBy(t => t.Tree, (IEqualityComparer<Symbol>)ReferenceEqualityComparer.Instance))
        {
            Take(group.Key, [.. group]);
        }
        _owners.Sort((a, b) => a.Tree.Serial.CompareTo(b.Tree.Serial));
    }

    private void Take(Symbol tree, FormulaTarget[] targets)
    {
        FormulaTarget? owner = tree.IsLeaf ? null
            : targets.FirstOrDefault(t => t.Variable is { } variable && (tree.Kind != SymbolKind.Named || tree.Name == variable.Name)) ?? targets.FirstOrDefault(t => t.Variable is null);
        if (owner is not null)
        {
            Owner made = new(tree, owner.Variable, owner.IsScalar) { Name = owner.Variable?.Name ?? _unique(tree.Name) };
            _owners.Add(made);
            _ownerOf.Add(tree, made);
        }
        _copies.AddRange(from target in targets
                         where target.Variable is not null && target != owner
                         select (target.Variable, tree, target.IsScalar));
    }

    /// <summary>The lines.</summary>
    public IEnumerable<FormulaLine> Lines()
    {
        List<FormulaLine> first = [], body = [], last = [];
        List<HashSet<Symbol>> uses = [.. _owners.Select(o => UsedLeaves(o.Tree))];
        for (int i = 0; i < _owners.Count; i++)
        {
            Owner owner = _owners[i];
            if (owner.Variable is { } variable && (uses.Skip(i + 1).Any(u => u.Contains(variable)) || _copies.Any(c => ReferenceEquals(c.Source, variable))))
            {
                owner.Name = _unique(variable.Name);
                last.Add(new FormulaLine(variable.Name, Symbol.Variable(owner.Name), true, owner.IsScalar));
            }
        }
        foreach (Owner owner in _owners)
        {
            Symbol value = owner.Tree.Kind == SymbolKind.Named ? Rewrite(owner.Tree.Arguments[0], null) : Rewrite(owner.Tree, owner.Tree);
            body.Add(new FormulaLine(owner.Name, value, owner.Name == owner.Variable?.Name, owner.IsScalar));
        }
        List<FormulaLine> copies = [];
        foreach ((Symbol variable, Symbol source, bool isScalar) in _copies)
        {
            Symbol value = Rewrite(source, null);
            if (_copies.Any(c => ReferenceEquals(c.Variable, source)))
            {
                string kept = _unique(variable.Name);
                first.Add(new FormulaLine(kept, value, false, isScalar));
                value = Symbol.Variable(kept);
            }
            copies.Add(new FormulaLine(variable.Name, value, true, isScalar));
        }
        return [.. first, .. body, .. copies, .. last];
    }

    /// <summary>The variables whose old values a tree uses itself, not through another line.</summary>
    private HashSet<Symbol> UsedLeaves(Symbol tree)
    {
        HashSet<Symbol> leaves = new(ReferenceEqualityComparer.Instance), seen = new(ReferenceEqualityComparer.Instance);
        foreach (Symbol argument in tree.Arguments)
        {
            Walk(argument);
        }
        return leaves;

        void Walk(Symbol symbol)
        {
            if (_ownerOf.ContainsKey(symbol) || !seen.Add(symbol))
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

    /// <summary>The tree with the names of the lines that it uses.</summary>
    private Symbol Rewrite(Symbol tree, Symbol? root) =>
        tree.Replace(symbol => !ReferenceEquals(symbol, root) && _ownerOf.TryGetValue(symbol, out Owner? owner) ? Symbol.Variable(owner.Name) : null);

    private sealed record Owner(Symbol Tree, Symbol? Variable, bool IsScalar)
    {
        public required string Name { get; set; }
    }
}
