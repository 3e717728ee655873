namespace Engine;

public sealed partial class Optimizer<T>
{
    private (string Operation, string RuleName, Exception Cause)? _failure;
    private int _isInUse;

    /// <summary>Begins a call, until the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">Another call is running, or a rule threw during an earlier one.</exception>
    internal Use Enter(string operation, bool repairs = false)
    {
        if (Interlocked.CompareExchange(ref _isInUse, 1, 0) != 0)
        {
            throw new InvalidOperationException(
                $"{operation}: got a call while another call of this optimizer is running, on another thread or around this one, " +
                "expected one call at a time.");
        }
        if (_failure is (string failed, string ruleName, Exception cause) && !repairs)
        {
            _isInUse = 0;
            throw new InvalidOperationException(
                $"{operation}: got an optimizer whose {failed} was broken off when {ruleName} threw: its parameters may be partly " +
                "updated. Restore them with SetValue, then the state with LoadState.", cause);
        }
        return new Use(this);
    }

    /// <summary>Remembers that a rule threw while parameters were being written.</summary>
    internal void Fail(string operation, string ruleName, Exception cause) => _failure = (operation, ruleName, cause);

    /// <summary>A call in progress.</summary>
    internal readonly ref struct Use(Optimizer<T> optimizer) : IDisposable
    {
        public void Dispose()
        {
            if (optimizer is not null) // the default ends nothing
            {
                optimizer.DropCopies();
                Volatile.Write(ref optimizer._isInUse, 0);
            }
        }
    }
}
